"""Models and devices by their ids. The one module that opens files; everything is read when first asked for."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from .architecture import Architecture
from .architecture.fields import LARGEST_CONFIG, parse_config, shown
from .errors import InputError
from .hardware import Device, gpu, mac

DATA = Path(__file__).parent / "data"
LONGEST_ID = 200
NEAREST = 5
# Made from the BF16 checkpoint by a flag of the engine.
CONVERTED = {"f16": ("vllm", "sglang"), "f32": ("vllm", "sglang"), "bnb-nf4": ("vllm", "sglang", "tgi")}


@dataclass(frozen=True)
class Published:
    """A repository that holds the model in a format. `elements` as the hub counts them, `bytes` of one file."""

    format: str
    repository: str
    elements: int | None = None
    bytes: int | None = None


@dataclass(frozen=True)
class Model:
    """`published` is the hub's parameter count; `difference` what it has beyond the inventory, and `why`."""

    id: str
    name: str
    hub_names: tuple[str, ...]
    aliases: tuple[str, ...]
    config: Mapping[str, Any]
    formats: tuple[Published, ...]
    source: str
    checked: str
    published: int | None = None
    difference: int = 0
    why: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it is asked for by, also the repositories that hold it quantized."""
        return (*dict.fromkeys(row.repository for row in self.formats), *self.aliases, *self.hub_names, self.id)

    @property
    def native(self) -> str:
        """The format of the model's own repository, "" where that is not known."""
        return next((row.format for row in self.formats if row.repository in self.hub_names), "")

    def repository(self, weights: str, engine: str = "") -> str:
        """Where the model is published in a format, or in the one that the engine converts while it loads; else ""."""
        wanted = (weights.split("+")[0], "bf16" if engine in CONVERTED.get(weights, ()) else "")
        found = {published.format: published.repository for published in reversed(self.formats)}
        return next((found[name] for name in wanted if name in found), "")

    @cached_property
    def architecture(self) -> Architecture:
        return Architecture.from_config(self.config)


def model(name: str) -> Model:
    """By id, hub name or alias, whatever the case; an unknown name is an InputError with the nearest ones."""
    key = checked_id("model", name)
    found = _names().get(key)
    if found is None:
        raise unknown("model", name, _names())
    return _models()[found]


def models() -> tuple[Model, ...]:
    return tuple(_models().values())


def device(name: str) -> Device:
    key = checked_id("gpu", name)
    if key not in _devices():
        raise unknown("gpu", name, _devices())
    return _devices()[key]


def devices() -> tuple[Device, ...]:
    return tuple(_devices().values())


def read_config(path: str | Path) -> Mapping[str, Any]:
    """The config.json at `path`."""
    try:
        with open(path, "rb") as file:
            return parse_config(file.read(LARGEST_CONFIG + 1))
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError("config", f"{shown(str(path))} cannot be read", "the path of a config.json") from None


@cache
def validation() -> dict[str, dict[str, dict[str, int]]]:
    """Independent records by engine, version group and component."""
    found: dict[str, dict[str, dict[str, int]]] = json.loads((DATA / "validation.json").read_text())
    return found


@cache
def compatibility() -> dict[str, Any]:
    """The table that compatibility.py reads."""
    return tomllib.loads((DATA / "compatibility.toml").read_text())


def read_records(path: str | Path, largest: int) -> list[dict[str, Any]]:
    """A file of one JSON object a line."""
    found = []
    for number, line in enumerate(read_text(path, largest).splitlines(), 1):
        if line.strip():
            found.append(json_object(line, f"{shown(str(path))}, line {number}"))
    return found


def read_list(path: str | Path, largest: int) -> list[dict[str, Any]]:
    """A file that is one JSON list of objects."""
    try:
        rows = json.loads(read_text(path, largest))
    except (ValueError, RecursionError):
        rows = None
    if not isinstance(rows, list) or not all(isinstance(row, dict) and "id" in row and "config" in row for row in rows):
        raise InputError("architectures", f"{shown(str(path))} is not usable", "a list of objects with id and config")
    return rows


def read_text(path: str | Path, largest: int) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read(largest + 1)
    except (OSError, ValueError):
        raise InputError("file", f"{shown(str(path))} cannot be read", "the path of a text file") from None
    if len(text) > largest:
        raise InputError("file", f"{shown(str(path))} is too large", f"at most {largest:,} characters")
    return text


def json_object(text: str, place: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputError("file", f"{place} is not usable", "one JSON object a line")
    return found


def checked_id(field: str, name: str) -> str:
    if not isinstance(name, str) or not name or len(name) > LONGEST_ID:
        raise InputError(field, f"{shown(name)} is not usable", "an id of the catalogue")
    return name.strip().lower()


def unknown(field: str, name: str, known: Iterable[str]) -> InputError:
    """Names the nearest ids, those that hold the same words first."""
    names, wanted = list(known), name.strip().lower()
    near = [known for known in names if wanted in known] + get_close_matches(wanted, names, NEAREST, 0.5)
    nearest = list(dict.fromkeys(near))[:NEAREST]
    return InputError(
        field, f"{shown(name)} is not known", "nearest: " + ", ".join(nearest) if nearest else "see the list"
    )


@cache
def _models() -> dict[str, Model]:
    found = (_model(json.loads(path.read_bytes())) for path in sorted((DATA / "models").glob("*.json")))
    return {model.id: model for model in found}


@cache
def _names() -> dict[str, str]:
    """The model's own names win over repositories that hold it in a format."""
    found = {name.lower(): model.id for model in _models().values() for name in model.names}
    own = {name.lower(): model.id for model in _models().values() for name in (*model.hub_names, model.id)}
    return found | own


def _model(row: Mapping[str, Any]) -> Model:
    counted = row.get("parameters", {})
    return Model(
        id=row["id"],
        name=row["name"],
        hub_names=tuple(row["hub_names"]),
        aliases=tuple(row["aliases"]),
        config=row["config"],
        formats=tuple(Published(**published) for published in row["formats"]),
        source=row["source"],
        checked=row["checked"],
        published=counted.get("published"),
        difference=counted.get("difference", 0),
        why=counted.get("why", ""),
    )


@cache
def _devices() -> dict[str, Device]:
    table = tomllib.loads((DATA / "gpus.toml").read_text())
    checked: date = table["checked"]
    found = [gpu(row, str(checked)) for row in table["gpu"]]
    found += [mac(row, size, table["mac_limit"], str(checked)) for row in table["mac"] for size in row["memory_gb"]]
    return {device.id: device for device in found}
