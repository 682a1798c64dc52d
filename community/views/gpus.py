"""The GPUs of the catalogue: the list, and one with what it really has and what it holds."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.forms import GpuListForm, GpuSort
from community.sizing import catalog
from community.sizing.errors import InputError
from community.sizing.fit import largest
from community.sizing.hardware import Device

from .catalogue import matching, unknown_id
from .errors import bad_request

CONTEXTS = (8_192, 32_768)
LEAST_BITS = {"vllm": 4, "mlx": 3}  # of a weight in the smallest format of the engine's ladder


@dataclass(frozen=True)
class Fit:
    """A model with its largest format at each of CONTEXTS; None where none fits."""

    model: catalog.Model
    rows: tuple[dict[str, Any] | None, ...]


@require_safe
def gpu_list(request: HttpRequest) -> HttpResponse:
    form = GpuListForm(request.GET)
    form.is_valid()
    if "q" in form.errors:
        return bad_request(request, reason=_("찾는 말은 100자까지예요."))
    asked = {"q": "", "sort": "", **form.cleaned_data}
    found = matching(catalog.devices(), asked["q"], lambda device: f"{device.id} {device.name} {device.vendor}")
    rows = sorted(found, key=lambda device: device.name.lower())
    if asked["sort"] == GpuSort.BANDWIDTH:
        rows.sort(key=lambda device: -device.bandwidth)
    elif asked["sort"] != GpuSort.NAME:
        rows.sort(key=lambda device: -device.usable)
    return render(request, "gpus/list.html", {"asked": asked, "rows": rows, "sorts": GpuSort.CHOICES})


@require_safe
def gpu_detail(request: HttpRequest, name: str) -> HttpResponse:
    try:
        device = catalog.device(name)
    except InputError:
        names = {device.id: device.name for device in catalog.devices()}
        words = {"title": _("GPU 목록에 없어요"), "detail": "gpu-detail", "list": "gpu-list"}
        return unknown_id(request, name, names, words)
    if device.id != name:
        return redirect("gpu-detail", device.id, permanent=True)
    context = {
        "device": device,
        "hidden": device.usable - device.cuda_total if device.cuda_total else 0,
        "engine": engine_of(device),
        "contexts": CONTEXTS,
        "fits": fits(device.id),
    }
    return render(request, "gpus/detail.html", context)


def engine_of(device: Device) -> str:
    """One engine for a kind of card: comparing several is the calculator's work."""
    return "mlx" if device.vendor == "Apple" else "vllm"


@cache
def fits(device_id: str) -> tuple[Fit, ...]:
    """What one card holds, largest model first. Kept for the life of the process: facts are files."""
    device = catalog.device(device_id)
    engine = engine_of(device)
    found = []
    for model in catalog.models():
        if model.architecture.parameters * LEAST_BITS[engine] // 8 > device.usable:
            continue
        short, long = CONTEXTS
        row = largest(model, engine, (device,), short, 1)
        if row:  # what is too large for a short context is so for a long one
            found.append(Fit(model, (row, largest(model, engine, (device,), long, 1))))
    return tuple(sorted(found, key=lambda fit: (-fit.model.architecture.parameters, fit.model.id)))
