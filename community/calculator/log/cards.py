"""The cards that a log names. A name that is not exactly one of the catalogue's is none: laptops and Ti's differ."""

from __future__ import annotations

import re
from functools import cache

from community.sizing import catalog
from community.sizing.hardware import Device

# How drivers call cards whose name says more than the catalogue's, or less.
DRIVER_NAMES = {
    "a100-sxm4-80gb": "a100-80gb", "a100-sxm4-40gb": "a100-40gb", "a100 80gb pcie": "a100-80gb-pcie",
    "a100-pcie-40gb": "a100-40gb-pcie", "h100 80gb hbm3": "h100-80gb", "h100 pcie": "h100-80gb-pcie",
    "tesla t4": "t4", "tesla v100-sxm2-16gb": "v100-16gb", "tesla v100-sxm2-32gb": "v100-32gb",
    "rtx 6000 ada generation": "rtx-6000-ada", "rtx pro 6000 blackwell workstation edition": "rtx-pro-6000",
    "rtx pro 6000 blackwell server edition": "rtx-pro-6000", "gb10": "dgx-spark", "instinct mi300x": "mi300x",
}  # fmt: skip
MAKER = re.compile(r"^(?:nvidia|amd|geforce)[ _]")
# (place, name): a log of several starts lists the same card several times.
LISTED = (
    re.compile(r"^GPU (\d{1,2}): ([^(\n]{3,60}?)(?: \(|$)", re.MULTILINE),  # nvidia-smi -L, PyTorch's collect_env
    re.compile(r"\bDevice (\d{1,2}): ([^,\n]{3,60}),"),  # llama.cpp
    re.compile(r"ggml_vulkan: (\d{1,2}) = ([^(|\n]{3,60}) \("),
    re.compile(r'msg="inference compute" id=(\S{1,80})[^\n]{0,300}? (?:description|name)="([^"\n]{3,60})"'),  # Ollama
)
MENTIONED = re.compile(r"\bdevice_name=(NVIDIA_\w{2,60}|AMD_\w{2,60})")  # vLLM and SGLang, of a table of kernels
MOST = 16


def cards_in(text: str) -> list[tuple[str, Device | None]]:
    """Every card that is listed, by its name there; None is a card that the catalogue does not have."""
    places = next((found for pattern in LISTED if (found := dict(pattern.findall(text)))), {})
    return [(name.strip(), card_of(name)) for name in list(places.values())[:MOST]]


def mentioned(text: str) -> Device | None:
    """The one kind of card that the log speaks of."""
    kinds = {name for name, _card in cards_in(text)} or {name.replace("_", " ") for name in MENTIONED.findall(text)}
    return card_of(kinds.pop()) if len(kinds) == 1 else None


def card_of(name: str) -> Device | None:
    key = name.strip().lower()
    while match := MAKER.match(key):
        key = key[match.end() :]
    return named().get(key)


@cache
def named() -> dict[str, Device]:
    own = {device.name.lower(): device for device in catalog.devices() if device.vendor != "Apple"}
    return own | {name: catalog.device(card) for name, card in DRIVER_NAMES.items()}
