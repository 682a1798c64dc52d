"""How far the sizing engine is from what was measured: every record, the errors by group, and all of it as CSV."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.charts.accuracy_plot import accuracy_plot
from community.forms import AccuracyForm
from community.sizing import accuracy, catalog
from community.sizing.accuracy import RULES, Comparison, published_records
from community.sizing.architecture import Architecture
from community.sizing.errors import InputError
from community.sizing.validation import ENOUGH

ROWS = 30
LARGEST_FILE = 10_000_000  # characters of a file of records
TOKENS, BYTES = "tokens", "bytes"
NEAR = 0.05


@dataclass(frozen=True)
class Row:
    """A comparison with its unit, the model as its record names it and as the catalogue does ("" where it does not),
    and where the record was read."""

    comparison: Comparison
    unit: str
    model: str
    source: str
    model_id: str


@require_safe
def accuracy_page(request: HttpRequest) -> HttpResponse:
    form = AccuracyForm(request.GET)
    form.is_valid()
    asked = {"engine": "", "component": "", "model": "", "page": None, **form.cleaned_data}
    of_engine = [row for row in of_model(asked["model"]) if asked["engine"] in ("", row.comparison.engine)]
    rows = [row for row in of_engine if asked["component"] in ("", row.comparison.component)]
    page = Paginator(rows, ROWS).get_page(asked["page"] or 1)
    context = {
        "asked": asked,
        "notice": "" if rows else _("이 조건에 맞는 기록이 없어요."),
        "engines": choices(row.comparison.engine for row in of_model(asked["model"])),
        "components": choices(row.comparison.component for row in of_engine),
        "totals": totals(rows),
        "summary": accuracy.summary(row.comparison for row in rows),
        "enough": ENOUGH,
        "plot": accuracy_plot([found for row in rows if (found := dot(row))]),
        "page": page,
    }
    return render(request, "accuracy.html", context)


@require_safe
def accuracy_csv(request: HttpRequest) -> HttpResponse:
    """Every comparison, also those that were declined."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="accuracy.csv"'
    writer = csv.writer(response)
    names = ("record", "engine", "group", "component", "variant", "measured", "predicted", "error", "reason")
    writer.writerow((*names, "unit", "model", "source"))
    for row in compared():
        writer.writerow((*(getattr(row.comparison, name) for name in names), row.unit, row.model, row.source))
    return response


def of_model(model_id: str) -> list[Row]:
    """The rows of one model of the catalogue; "" is all of them."""
    return [row for row in compared() if model_id in ("", row.model_id)]


@cache
def compared() -> tuple[Row, ...]:
    """Records of logs, then published files. Kept for the life of the process: facts are files."""
    known = {name: model.architecture for model in catalog.models() for name in (model.id, *model.names)}
    logs = catalog.read_records(catalog.DATA / "measurements.jsonl", LARGEST_FILE)
    files = catalog.read_records(catalog.DATA / "files.jsonl", LARGEST_FILE)
    return (*of_logs(logs, known), *of_files(files, known))


def of_logs(records: list[dict[str, Any]], known: dict[str, Architecture]) -> Iterable[Row]:
    for record in records:
        for comparison in accuracy.compare([record], known) or [nothing_to_compare(record)]:
            yield Row(
                comparison, unit_of(comparison, record), str(record["model"]), str(record["source_url"]), id_of(record)
            )


def id_of(record: dict[str, Any]) -> str:
    """The catalogue's id of the model whose architecture the record is reckoned with."""
    try:
        return catalog.model(str(record.get("config_id") or "")).id
    except InputError:
        return ""


def nothing_to_compare(record: dict[str, Any]) -> Comparison:
    """So that a record without a figure that could be tested is listed all the same."""
    name = str(record["id"])
    return Comparison(name, record["engine"], accuracy.group_of(record), "record", 0.0, None, name, "nothing_measured")


def unit_of(comparison: Comparison, record: dict[str, Any]) -> str:
    """Where a log prints the KV pool in tokens only, those are compared."""
    in_tokens = comparison.component == "kv_pool" and "kv_pool_tokens" in RULES[comparison.engine].measured(record)
    return TOKENS if in_tokens else BYTES


def of_files(records: list[dict[str, Any]], known: dict[str, Architecture]) -> Iterable[Row]:
    for record, comparison in zip(records, published_records.compare_files(records, known), strict=True):
        yield Row(
            comparison, BYTES, str(record.get("model_id") or record["config_id"]), str(record["source"]), id_of(record)
        )


def dot(row: Row) -> tuple[float, float] | None:
    found = row.comparison
    return (found.measured, found.predicted) if row.unit == BYTES and found.predicted else None


def totals(rows: list[Row]) -> dict[str, int | str]:
    errors = [abs(row.comparison.error) for row in rows if row.comparison.error is not None]
    near = sum(error <= NEAR for error in errors)
    return {"all": len(rows), "compared": len(errors), "near": near, "within": f"{NEAR:.0%}",
            "declined": len(rows) - len(errors)}  # fmt: skip


def choices(names: Iterable[str]) -> list[str]:
    return sorted(set(names))
