"""Whether an engine of a version runs a format on a card: yes, no or unknown, each with its source and date.

The table is data/compatibility.toml. What no source says is unknown; nothing is guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import catalog
from .architecture import Architecture
from .formats import Format
from .hardware import Device
from .versions import Version, parse_version

NEWEST: Version = (10**6, 0, 0)  # what an engine without a version stands for

# Capability, as far as the whole number and one digit, to the family of the table.
FAMILIES = {
    "7.0": "volta", "7.5": "turing", "8.0": "ampere", "8.6": "ampere", "8.7": "ampere", "8.9": "ada", "9.0": "hopper",
    "10.0": "blackwell", "10.3": "blackwell", "12.0": "blackwell-rtx", "12.1": "blackwell-rtx",
}  # fmt: skip

# First part of a format's id to its row in the table.
SCHEMES = {
    "bf16": "16-bit", "f16": "16-bit", "f32": "16-bit", "fp8": "fp8", "int8": "int8", "awq": "awq", "gptq": "gptq",
    "w4a16": "compressed-tensors", "w8a16": "compressed-tensors", "bnb": "bitsandbytes", "mxfp4": "mxfp4",
    "nvfp4": "nvfp4", "gguf": "gguf", "exl2": "exl2", "exl3": "exl3", "mlx": "mlx",
}  # fmt: skip

# Verdicts of the table that are a yes with a condition.
CONDITIONAL = ("weight_only", "partial", "experimental")


@dataclass(frozen=True)
class Support:
    """`condition` is a code: weight_only, partial, experimental, needs_plugin, convert_to_gguf, no_row_split,
    maintenance_mode, no_cuda_model, transformers_fallback, open_bug; "" is none."""

    verdict: str  # yes, no or unknown
    condition: str = ""
    since: str = ""
    until: str = ""
    source: str = ""
    checked: str = ""


def family(device: Device) -> str:
    """The hardware family of the table, "" for one that it does not know."""
    if device.vendor in ("AMD", "Apple"):
        return device.vendor.lower()
    return FAMILIES.get(device.capability, "") if device.vendor == "NVIDIA" else ""


def scheme(weights: Format) -> str:
    return SCHEMES.get(weights.id.split("-")[0], "")


def check(engine: str, version: str, weights: Format, device: Device, architecture: Architecture) -> Support:
    number = parse_version(version) if version else NEWEST
    found = by_format(engine, number, weights, device)
    rule = model_rule(engine, weights, device, architecture)
    if rule and found.verdict != "no":
        found = apply(rule, number, found)
    return with_engine(engine, found)


def by_format(engine: str, number: Version, weights: Format, device: Device) -> Support:
    rows = [
        row
        for row in catalog.compatibility()["format"]
        if row["engine"] == engine and scheme(weights) in row["formats"]
    ]
    if not rows:
        return Support("unknown", checked=catalog.compatibility()["checked"])
    row, kind = rows[0], family(device)
    if kind in row.get("ended", {}):
        last, gone = row["ended"][kind]
        return answer(row, ended(number, last, gone), until=last)
    verdict = next((name for name in ("yes", *CONDITIONAL, "no") if kind in row.get(name, ())), "unknown")
    since = row.get("since", "")
    if verdict != "no" and since and number < parse_version(since):
        return answer(row, "no", since=since)
    condition = verdict if verdict in CONDITIONAL else ""
    if "condition" in row and number >= parse_version(row.get("condition_since", "0.0")):
        condition = row["condition"]
    return answer(row, "yes" if verdict in CONDITIONAL else verdict, condition, since)


def ended(number: Version, last: str, gone: str) -> str:
    """Between the last version that is known to work and the first that does not, nobody has said."""
    if number <= parse_version(last):
        return "yes"
    return "no" if number >= parse_version(gone) else "unknown"


def answer(row: dict[str, Any], verdict: str, condition: str = "", since: str = "", until: str = "") -> Support:
    return Support(verdict, condition, since, until, sources(row), catalog.compatibility()["checked"])


def sources(row: dict[str, Any]) -> str:
    return "; ".join(catalog.compatibility()["sources"][name] for name in row["sources"])


def model_rule(engine: str, weights: Format, device: Device, architecture: Architecture) -> dict[str, Any] | None:
    for row in catalog.compatibility()["model"]:
        if (
            row["engine"] == engine
            and scheme(weights) in row.get("formats", (scheme(weights),))
            and weights.bits == row.get("bits", weights.bits)
            and family(device) in row.get("hardware", (family(device),))
            and of_type(architecture, row["types"])
        ):
            return row
    return None


def of_type(architecture: Architecture, types: list[str]) -> bool:
    return architecture.model_type in types or ("experts" in types and architecture.experts is not None)


def apply(rule: dict[str, Any], number: Version, found: Support) -> Support:
    """A rule of the model over what the table says of the format."""
    since = rule.get("since", "")
    if since and number < parse_version(since):
        return answer(rule, "no", since=since)
    if rule["verdict"] == "yes":
        both = f"{found.source}; {sources(rule)}"
        condition = found.condition or rule.get("condition", "")
        return Support(found.verdict, condition, since or found.since, found.until, both, found.checked)
    return answer(rule, rule["verdict"], rule.get("condition", ""))


def with_engine(engine: str, found: Support) -> Support:
    """What holds for the engine as a whole, where nothing nearer is to be said."""
    row = next((row for row in catalog.compatibility()["engine"] if row["engine"] == engine), None)
    if row is None or found.condition or found.verdict == "no":
        return found
    return Support(found.verdict, row["condition"], found.since, found.until, found.source, found.checked)
