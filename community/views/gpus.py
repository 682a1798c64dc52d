"""The GPUs of the catalogue: the list, and one with what it really has and what it holds."""

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.calculator.reverse.fits import Fit, fits, usual_engine
from community.forms import GpuListForm, GpuSort
from community.sizing import catalog
from community.sizing.errors import InputError

from .catalogue import matching, unknown_id
from .errors import bad_request

CONTEXTS = (8_192, 32_768)


@dataclass(frozen=True)
class Held:
    """A model with its largest format at each of CONTEXTS; None where none fits."""

    model: catalog.Model
    fits: tuple[Fit | None, ...]


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
        "engine": usual_engine((device,)),
        "contexts": CONTEXTS,
        "held": held(device.id),
    }
    return render(request, "gpus/detail.html", context)


@cache
def held(device_id: str) -> tuple[Held, ...]:
    """What one card holds on its usual engine, largest model first. Kept for the life of the process: facts are files.
    What is too large for the shortest context is so for the others."""
    engine = usual_engine((catalog.device(device_id),))
    found = [fits(device_id, 1, engine, context, 1, False) for context in CONTEXTS]
    by_model = [{fit.model.id: fit for fit in rows} for rows in found]
    return tuple(Held(fit.model, tuple(rows.get(fit.model.id) for rows in by_model)) for fit in found[0])
