"""Published file sizes and parameter counts against ours, in the shape of data/files.jsonl and of params.jsonl."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..architecture import Architecture
from ..errors import InputError
from ..formats.published import predicted
from . import Comparison


def compare_files(records: Iterable[Mapping[str, Any]], architectures: Mapping[str, Architecture]) -> list[Comparison]:
    """A size of which only digits are printed is an interval: inside it the error is 0. Recipes of one publisher are a
    group of their own."""
    found = []
    for number, record in enumerate(records):
        recipe = record.get("recipe") or "mainline"
        group = record["format"] if recipe == "mainline" else f"{record['format']}, {recipe}"
        low = record.get("bytes_lo") or record["bytes"]
        high = record.get("bytes_hi") or record["bytes"]
        name = record.get("id") or record.get("hf_repo") or f"{number}"
        size, reason = attempt(lambda record=record: predicted(record, architecture_of(record, architectures)))
        measured = low if size is None else min(max(size, low), high)
        found.append(Comparison(name, "files", group, "file_bytes", measured, size, str(number), reason))
    return found


def compare_params(records: Iterable[Mapping[str, Any]], architectures: Mapping[str, Architecture]) -> list[Comparison]:
    """A published count that holds more than weights (scales, buffers) says so by its residual."""
    found = []
    for record in records:
        total, reason = attempt(lambda record=record: architecture_of(record, architectures, "id").parameters)
        published = record["params"] - (record.get("residual_vs_config") or 0)
        found.append(Comparison(record["id"], "params", "", "parameters", published, total, record["id"], reason))
    return found


def attempt(predict: Any) -> tuple[float | None, str]:
    try:
        return predict(), ""
    except InputError as error:
        return None, error.field


def architecture_of(
    record: Mapping[str, Any], architectures: Mapping[str, Architecture], key: str = "config_id"
) -> Architecture:
    name = record.get(key)
    if not name or name not in architectures:
        raise InputError(key, f"{str(name)[:80]!r} is no known architecture", "an architecture of the catalogue")
    return architectures[name]
