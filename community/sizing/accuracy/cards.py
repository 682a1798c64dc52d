"""The card of a record: what people wrote as its name or size -> a Device of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ..hardware import Device

GIB, MIB = 2**30, 2**20

# First match wins; the text is lower case.
CARDS = (
    (r"a100.{0,3}40", "a100-40gb"), (r"a100.{0,3}80", "a100-80gb"), (r"h100.{0,6}nvl", "h100-nvl"),
    (r"h100.{0,6}pcie", "h100-80gb-pcie"), (r"a100/h100 80|80gb class.*h100", "h100-80gb"), (r"h100", "h100-80gb"),
    (r"h200", "h200"), (r"h20\b", "h20"), (r"gb200", "gb200"), (r"b200", "b200"), (r"l40s", "l40s"),
    (r"\bl4\b", "l4"), (r"\bt4\b", "t4"), (r"a10g|\ba10\b", "a10"), (r"\ba30\b", "a30"),
    (r"v100.{0,6}16", "v100-16gb"), (r"v100", "v100-32gb"), (r"pro 6000", "rtx-pro-6000"),
    (r"6000 ada", "rtx-6000-ada"), (r"a6000", "rtx-a6000"), (r"a5000", "rtx-a5000"), (r"a4000", "rtx-a4000"),
    (r"5090", "rtx-5090"), (r"5080", "rtx-5080"), (r"5070 ti", "rtx-5070-ti"), (r"4090", "rtx-4090"),
    (r"4080", "rtx-4080"), (r"4070 ti", "rtx-4070-ti-super"), (r"4060 ti", "rtx-4060-ti-16gb"),
    (r"3090", "rtx-3090"), (r"3060", "rtx-3060-12gb"), (r"gb10|dgx spark", "dgx-spark"), (r"mi300x", "mi300x"),
    (r"mi325x", "mi325x"), (r"mi250x", "mi250x"), (r"mi210", "mi210"), (r"7900 xtx", "rx-7900-xtx"),
    (r"orin.*64", "jetson-agx-orin-64gb"), (r"a100", "a100-80gb"),
)  # fmt: skip

# A card that is only known by its size is taken as the usual one of the size.
SIZES = {16: "t4", 24: "rtx-4090", 32: "rtx-5090", 40: "a100-40gb", 48: "l40s", 80: "h100-80gb", 96: "rtx-pro-6000"}


def lookup(rows: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((found for pattern, found in rows if re.search(pattern, text.lower())), None)


def device_of(text: str, device: Callable[[str], Device]) -> Device | None:
    """The catalogue's card with the size that the text gives, the usual card of a size, or None."""
    text = text.lower()
    name = lookup(CARDS, text) if "class" not in text or "/" in text.split("class")[0] else None
    before = re.search(r"(\d+(?:\.\d+)?) ?gb (?:free )?before load", text)  # SGLang prints what is free then
    if before:
        return with_total(device(name or "l40s"), int((float(before[1]) + 0.55) * GIB))
    if name is None:
        return of_size(text, device)
    card = device(name)
    printed, total = re.search(r"\((\d{4,6}) ?mib\)", text), re.search(r"\((?:about )?(\d+\.\d+) ?gib\)", text)
    if printed:
        card = replace(card, usable=int(printed[1]) * MIB)
    return with_total(card, int(float(total[1]) * GIB)) if total else card


def of_size(text: str, device: Callable[[str], Device]) -> Device | None:
    """A card that is only known by its size; one that no usual card has is made up without links."""
    size = re.search(r"(\d+(?:\.\d+)?) ?gb", text)
    if not size:
        return None
    near = min(SIZES, key=lambda known: abs(known - float(size[1])))
    total = re.search(r"\((\d+\.\d+) ?gib\)", text)
    if abs(near - float(size[1])) <= 4 and "amd" not in text:
        card = device(SIZES[near])
        return with_total(card, int(float(total[1]) * GIB)) if total else card
    usable = int(float(size[1]) * GIB)
    return replace(
        device("l40s"), id="unknown", name=text[:60], usable=usable, cuda_total=usable, source="", checked=""
    )


def with_total(card: Device, total: int) -> Device:
    """What CUDA reported; a card of another size than the catalogue's (a rebuilt one) is as large as that."""
    near = abs(card.usable - total) < 0.05 * card.usable
    return replace(card, usable=card.usable if near else total, cuda_total=total)
