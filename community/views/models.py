"""The models of the catalogue: the list, and one model with its sizes and the cards that hold it."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.calculator.query import canonical_query
from community.calculator.words import format_name
from community.charts.format_sizes import format_sizes
from community.forms import ModelListForm, ModelSort
from community.models import Note, Question
from community.sizing import catalog
from community.sizing.architecture import Architecture
from community.sizing.errors import InputError
from community.sizing.estimate import Verdict
from community.sizing.fit import asked_of, held, ladder
from community.sizing.formats import parse_format, weigh
from community.sizing.hardware import Device
from community.sizing.kv_cache import KvType, bytes_per_token, cache_bytes, kv_type, state_bytes
from community.sizing.size import assess, needed_bytes

from .accuracy import of_model, totals
from .catalogue import matching, unknown_id
from .errors import bad_request
from .today import today

FORMATS = (
    "bf16", "fp8", "awq-4bit", "gptq-int4", "gguf-q8_0", "gguf-q6_k", "gguf-q5_k_m", "gguf-q4_k_m", "gguf-iq4_xs",
    "gguf-q3_k_m", "gguf-iq2_xs", "exl3-4.0", "mlx-8bit", "mlx-4bit",
)  # fmt: skip
SCALE = ("rtx-4090", "h100-80gb", "h200", "m3-ultra-512gb")  # cards whose memory the chart marks
# Cards as people have them, each with the engine that is usual there.
HOLDERS = (
    ("rtx-3060-12gb", 1, "llama.cpp"), ("rtx-4090", 1, "llama.cpp"), ("rtx-4090", 2, "llama.cpp"),
    ("m4-max-64gb", 1, "mlx"), ("m3-ultra-256gb", 1, "mlx"), ("rtx-4090", 1, "vllm"), ("rtx-5090", 1, "vllm"),
    ("l40s", 1, "vllm"),
    ("a100-80gb", 1, "vllm"), ("h100-80gb", 2, "vllm"), ("h100-80gb", 4, "vllm"), ("h100-80gb", 8, "vllm"),
    ("h200", 8, "vllm"),
)  # fmt: skip
CONTEXT = 8_192
CONTEXTS = (CONTEXT, 32_768, 131_072)
KV = "bf16"
# A row of the list is a model and the bytes of its KV cache for a token.
ORDER: dict[str, Callable[[tuple[catalog.Model, int]], Any]] = {
    ModelSort.PARAMETERS: lambda row: -row[0].architecture.parameters,
    ModelSort.ACTIVE: lambda row: -row[0].architecture.active_parameters,
    ModelSort.CACHE: lambda row: row[1],
    ModelSort.NAME: lambda row: row[0].name.lower(),
}


@dataclass(frozen=True)
class Size:
    """The model in a format; `published` is the size of a file that can be downloaded, `repository` where it is."""

    format: str
    bytes: int
    projector: int
    repository: str
    published: int | None


@dataclass(frozen=True)
class Holder:
    """What a set of cards holds at CONTEXT: the largest format that fits, or the smallest where none does (`whole` is
    False). `needed` is the sum over the cards, 0 where it is not known; `query` the calculator's for this very row."""

    device: Device
    count: int
    engine: str
    weights: str
    whole: bool
    verdict: Verdict
    needed: int
    query: str


@require_safe
def model_list(request: HttpRequest) -> HttpResponse:
    form = ModelListForm(request.GET)
    form.is_valid()
    if "q" in form.errors:
        return bad_request(request, reason=_("찾는 말은 100자까지예요."))
    asked = {"q": "", "sort": "", **form.cleaned_data}
    found = matching(catalog.models(), asked["q"], lambda model: " ".join((model.name, *model.names)))
    rows = [(model, bytes_per_token(model.architecture, kv_type(KV))) for model in found]
    rows.sort(key=ORDER.get(asked["sort"], ORDER[ModelSort.PARAMETERS]))
    return render(request, "models/list.html", {"asked": asked, "rows": rows, "sorts": ModelSort.CHOICES})


@require_safe
def model_detail(request: HttpRequest, name: str) -> HttpResponse:
    try:
        model = catalog.model(name)
    except InputError:
        names = {model.id: model.name for model in catalog.models()}
        words = {"title": _("모델 목록에 없어요"), "detail": "model-detail", "list": "model-list"}
        return unknown_id(request, name, names, words)
    if model.id != name:
        return redirect("model-detail", model.id, permanent=True)
    sizes, questions = sizes_of(model.id), Question.objects.published().with_state(today())
    notes = Note.objects.published().select_related("benchmark").defer("body", "body_html")
    context = {
        "model": model,
        "cache": cache_of(model.architecture),
        "sizes": sizes,
        "projector": max(size.projector for size in sizes),
        "context": CONTEXT,
        "chart": format_sizes([(format_name(size.format), size.bytes) for size in sizes], scale()),
        "holders": holders_of(model.id),
        "questions": [row for row in questions.only("number", "title", "model_ids") if model.id in row.model_ids],
        "notes": [row for row in notes if model.id in row.model_ids],
        "measured": measured(model.id),
    }
    return render(request, "models/detail.html", context)


def measured(model_id: str) -> list[tuple[str, dict[str, int | str]]]:
    """(engine, how many figures of public logs and files were compared and how many are near), by engine."""
    rows = of_model(model_id)
    engines = dict.fromkeys(row.comparison.engine for row in rows)
    return [(name, totals([row for row in rows if row.comparison.engine == name])) for name in engines]


def scale() -> list[tuple[str, int]]:
    return [(device.name, device.usable) for device in map(catalog.device, SCALE)]


def cache_of(architecture: Architecture) -> dict[str, Any]:
    """Layers by kind and window, and the KV cache of one request at several contexts."""
    kv: KvType = kv_type(KV)
    layers = Counter((layer.kind, layer.window) for layer in architecture.layers)
    return {
        "windowed": any(window for _kind, window in layers),
        "layers": [(kind, window, count) for (kind, window), count in layers.items()],
        "per_token": bytes_per_token(architecture, kv),
        "contexts": [
            (context, cache_bytes(architecture, kv, context))
            for context in CONTEXTS
            if context <= (architecture.context or context)
        ],
        "state": state_bytes(architecture),
    }


@cache
def sizes_of(model_id: str) -> tuple[Size, ...]:
    """The usual formats and those in which the model is published, largest first. Kept for the life of the process:
    facts are files."""
    model = catalog.model(model_id)
    found = []
    for name in dict.fromkeys((*FORMATS, *(row.format for row in model.formats))):
        weights = weigh(model.architecture, parse_format(name))
        row = next((row for row in model.formats if row.format == name), None)
        repository = row.repository if row else ""
        size = Size(name, weights.weights_bytes, weights.projector_bytes, repository, row.bytes if row else None)
        found.append(size)
    return tuple(sorted(found, key=lambda size: -size.bytes))


@cache
def holders_of(model_id: str) -> tuple[Holder, ...]:
    """For each of HOLDERS the largest format that fits. Kept for the life of the process: facts are files."""
    model = catalog.model(model_id)
    return tuple(holder(model, catalog.device(name), count, engine) for name, count, engine in HOLDERS)


def holder(model: catalog.Model, device: Device, count: int, engine: str) -> Holder:
    cards, formats = (device,) * count, ladder(model.id, engine)
    found = held(model, engine, formats, cards, CONTEXT, 1)
    asked = found[0] if found else asked_of(model, engine, formats[-1], cards, CONTEXT)
    verdict, needed = Verdict.UNKNOWN, 0
    with suppress(InputError):  # the engine does not take the combination at all
        answer = found[1] if found else assess(asked)
        verdict, needed = answer.verdict, needed_bytes(answer.memory)
    return Holder(device, count, engine, asked.weights.id, bool(found), verdict, needed, canonical_query(asked))
