"""The verdict in words: what, by how much, and on which card."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from community.sizing import Deployment, Estimate, Verdict
from community.sizing.estimate import GpuMemory

from .words import Amount

Sentence = Callable[[Deployment, Estimate, Amount], str]


def detail(deployment: Deployment, estimate: Estimate, amount: Amount) -> str:
    """The second half of the verdict's line."""
    return SENTENCES[estimate.verdict](deployment, estimate, amount)


def fits(deployment: Deployment, estimate: Estimate, amount: Amount) -> str:
    return _("%(place)s %(amount)s 남아요") % where(estimate, amount)


def tight(deployment: Deployment, estimate: Estimate, amount: Amount) -> str:
    return _("%(place)s %(amount)s만 남아요. 요청이 몰리면 멈출 수 있어요") % where(estimate, amount)


def short(deployment: Deployment, estimate: Estimate, amount: Amount) -> str:
    if room(estimate) >= 0:
        return _("문맥 하나를 담을 KV 자리가 모자라요")
    found = _("%(place)s %(amount)s 모자라요") % where(estimate, amount)
    more = next((change.change["gpus"] for change in estimate.suggestions if change.code == "more_gpus"), None)
    if more is None:
        return found
    return f"{found}. " + _("%(card)s %(gpus)s장이면 들어가요") % {"card": deployment.devices[0].name, "gpus": more}


def refused(deployment: Deployment, estimate: Estimate, amount: Amount) -> str:
    checked = next((reason.values["checked"] for reason in estimate.reasons if "checked" in reason.values), "")
    enough = estimate.memory is not None and room(estimate) >= 0
    said = _("메모리는 맞지만 엔진 조건이 달라요") if enough else _("엔진 조건이 달라요")
    return f"{said} ({_('%s 확인') % checked})" if checked else said


def slower(deployment: Deployment, estimate: Estimate, amount: Amount) -> str:
    return _("많이 느려져요")


def not_known(deployment: Deployment, estimate: Estimate, amount: Amount) -> str:
    if estimate.memory is None:
        return _("이 엔진의 메모리 규칙을 아직 몰라요")
    return _("메모리는 맞지만 되는지 확인한 자료가 없어요")


SENTENCES: dict[Verdict, Sentence] = {
    Verdict.FITS: fits,
    Verdict.TIGHT: tight,
    Verdict.DOES_NOT_FIT: short,
    Verdict.UNSUPPORTED: refused,
    Verdict.FITS_WITH_OFFLOAD: slower,
    Verdict.UNKNOWN: not_known,
}


def room(estimate: Estimate) -> int:
    """What the tightest GPU has left of what the engine may take; below 0 it is short."""
    return min((room_of(gpu) for gpu in (estimate.memory.gpus if estimate.memory else ())), default=0)


def room_of(gpu: GpuMemory) -> int:
    return takeable(gpu) - gpu.needed


def takeable(gpu: GpuMemory) -> int:
    """Bytes that the engine may take."""
    return gpu.usable if gpu.budget is None else min(gpu.budget, gpu.usable)


def where(estimate: Estimate, amount: Amount) -> dict[str, str]:
    """Every GPU's room where all are equal, else the tightest one's: of the card, or of the engine's share of it."""
    gpus = estimate.memory.gpus if estimate.memory else ()
    equal = len({room_of(gpu) for gpu in gpus}) < 2
    shared = any(takeable(gpu) < gpu.usable for gpu in gpus)
    if len(gpus) == 1:
        place = _("엔진이 잡는 몫에") if shared else _("GPU에")
    elif equal:
        place = _("GPU마다 엔진이 잡는 몫에") if shared else _("GPU마다")
    else:
        place = _("가장 빠듯한 GPU에서 엔진이 잡는 몫에") if shared else _("가장 빠듯한 GPU에")
    return {"place": place, "amount": amount(abs(room(estimate)))}
