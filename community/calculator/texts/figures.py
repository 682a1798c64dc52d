"""A single figure of a deployment: asked for by a word, written with its unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.sizing import Deployment, Estimate, Verdict, catalog
from community.sizing.estimate import EngineMemory
from community.sizing.kv_cache import cache_bytes
from community.sizing.report import UNITS
from community.sizing.size import kv_of, needed_bytes
from community.sizing.speed import download_seconds

from ..query import USUAL_WEIGHTS, canonical_query
from ..result import duration
from ..words import VERDICTS, format_name
from .asked import AskedError, asked

BYTE_UNITS = {**UNITS, "MiB": 2**20, "MB": 10**6, "KiB": 2**10, "KB": 10**3}
COUNT_UNITS = {"": 1, "B": 10**9, "억": 10**8}
MOST_DIGITS = 4
OWN = ("unit", "digits", "rate")  # beside the address's parameters
MODEL, STORED = ("model",), ("model", "weights")
CACHE, PLACED = ("model", "context"), ("model", "engine", "weights", "gpu", "context")


class NotComputed(AskedError):
    """Nothing is wrong with what was asked; there is no rule for it."""


@dataclass(frozen=True)
class Computed:
    deployment: Deployment
    estimate: Estimate
    rate: float  # Mbps

    @property
    def memory(self) -> EngineMemory:
        if self.estimate.memory is None:
            raise NotComputed("engine", _("이 엔진의 메모리는 계산하지 않아요."))
        return self.estimate.memory


@dataclass(frozen=True)
class Quantity:
    """`kind` is bytes, count, rate, seconds or verdict; `needs` are the parameters that have to be written out."""

    kind: str
    needs: tuple[str, ...]
    value: Callable[[Computed], float | str | None]
    unit: str = ""


QUANTITIES: dict[str, Quantity] = {
    "parameters": Quantity("count", MODEL, lambda found: found.estimate.parameters),
    "active-parameters": Quantity("count", MODEL, lambda found: found.estimate.active_parameters),
    "weights": Quantity("bytes", STORED, lambda found: found.estimate.weights_bytes),
    "file": Quantity("bytes", STORED, lambda found: found.estimate.file_bytes),
    "download-time": Quantity("seconds", (*STORED, "rate"), lambda found: download(found)),
    "kv-per-token": Quantity("bytes", MODEL, lambda found: found.estimate.kv_bytes_per_token, unit="KiB"),
    "kv": Quantity("bytes", CACHE, lambda found: cache(found.deployment)),
    "verdict": Quantity("verdict", PLACED, lambda found: found.estimate.verdict),
    "needed": Quantity("bytes", PLACED, lambda found: needed_bytes(found.memory)),
    "needed-gpu": Quantity("bytes", PLACED, lambda found: max(gpu.needed for gpu in found.memory.gpus)),
    "weights-gpu": Quantity("bytes", PLACED, lambda found: max(gpu.part("weights") for gpu in found.memory.gpus)),
    "reserved-gpu": Quantity("bytes", PLACED, lambda found: max(gpu.reserved for gpu in found.memory.gpus)),
    "free-gpu": Quantity("bytes", PLACED, lambda found: min(gpu.free for gpu in found.memory.gpus)),
    "kv-pool": Quantity("bytes", PLACED, lambda found: sum(gpu.kv_pool for gpu in found.memory.gpus)),
    "kv-pool-tokens": Quantity("count", PLACED, lambda found: found.memory.kv_pool_tokens),
    "max-context": Quantity("count", PLACED, lambda found: found.memory.max_context),
    "max-requests": Quantity("count", PLACED, lambda found: found.memory.max_requests),
    "decode-limit": Quantity("rate", PLACED, lambda found: found.estimate.speed["decode_tokens_per_second"][1]),
}
LABELS = {
    "parameters": gettext_lazy("파라미터"), "active-parameters": gettext_lazy("활성 파라미터"),
    "weights": gettext_lazy("가중치"), "file": gettext_lazy("내려받을 크기"),
    "download-time": gettext_lazy("내려받는 시간"), "kv-per-token": gettext_lazy("토큰 하나의 KV 캐시"),
    "kv": gettext_lazy("KV 캐시"), "verdict": gettext_lazy("판정"), "needed": gettext_lazy("필요한 메모리"),
    "needed-gpu": gettext_lazy("GPU 한 장에 필요한 메모리"), "weights-gpu": gettext_lazy("GPU 한 장의 가중치"),
    "reserved-gpu": gettext_lazy("GPU 한 장에 예약하는 메모리"), "free-gpu": gettext_lazy("GPU 한 장에 남는 메모리"),
    "kv-pool": gettext_lazy("KV 캐시 자리"), "kv-pool-tokens": gettext_lazy("KV 캐시 자리의 토큰"),
    "max-context": gettext_lazy("최대 문맥"), "max-requests": gettext_lazy("최대 동시 요청"),
    "decode-limit": gettext_lazy("생성 속도 상한"),
}  # fmt: skip


def download(found: Computed) -> float:
    return download_seconds(found.estimate.file_bytes, found.rate)


def cache(deployment: Deployment) -> int:
    """Keys and values of all requests at full context, before an engine rounds them up to pages."""
    return cache_bytes(deployment.architecture, kv_of(deployment), deployment.context) * deployment.requests


@dataclass(frozen=True)
class Figure:
    """`value` is in bytes, seconds, tokens a second, a count or a verdict; `query` is the calculation's address."""

    name: str
    value: float | str
    text: str
    about: str
    query: str


def figure(name: str, values: Mapping[str, str]) -> Figure:
    """Raises AskedError that names the parameter, or the quantity."""
    quantity = quantity_of(name)
    found = computed(quantity, values)
    value = value_of(name, found)
    unit = values.get("unit", "")
    query = canonical_query(found.deployment, unit if unit in UNITS else "GiB")
    return Figure(name, value, written(quantity, value, unit, digits_of(values)), about(name, found), query)


def quantity_of(name: str) -> Quantity:
    if name not in QUANTITIES:
        raise AskedError("quantity", _("모르는 값이에요. 되는 값: %s") % ", ".join(QUANTITIES))
    return QUANTITIES[name]


def value_of(name: str, found: Computed) -> float | str:
    value = QUANTITIES[name].value(found)
    if value is None:
        raise NotComputed("quantity", _("이 조합에서는 계산할 수 없는 값이에요."))
    return value


def computed(quantity: Quantity, values: Mapping[str, str]) -> Computed:
    own = {key: value for key, value in values.items() if key not in OWN}
    rate = rate_of(values) if "rate" in quantity.needs else 0.0
    if "weights" in own:
        own.setdefault("engine", engine_for(own["weights"]))
    form = asked(own, [need for need in quantity.needs if need != "rate"])
    assert form.deployment and form.estimate  # noqa: S101  # a valid form has both
    return Computed(form.deployment, form.estimate, rate)


def engine_for(weights: str) -> str:
    """The engine whose usual format is of this family, where no engine is named."""
    family = weights.partition("-")[0]
    return next((name for name, usual in USUAL_WEIGHTS.items() if usual.startswith(f"{family}-")), "vllm")


def rate_of(values: Mapping[str, str]) -> float:
    text = values.get("rate", "")
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:8]) <= 1_000_000):
        raise AskedError("rate", _("회선 속도를 Mbps로, 1–1,000,000 사이의 정수로 적어 주세요."))
    return float(text)


def digits_of(values: Mapping[str, str]) -> int | None:
    text = values.get("digits", "")
    if text and text not in map(str, range(MOST_DIGITS + 1)):
        raise AskedError("digits", _("소수점 아래 자릿수는 0–%s이에요.") % MOST_DIGITS)
    return int(text) if text else None


def written(quantity: Quantity, value: float | str, unit: str, digits: int | None) -> str:
    if isinstance(value, str):
        return str(VERDICTS[Verdict(value)][0])
    if quantity.kind == "seconds":
        return duration(value)
    if quantity.kind == "rate":
        return f"{value:,.{digits or 0}f}\u00a0tok/s"
    units = BYTE_UNITS if quantity.kind == "bytes" else COUNT_UNITS
    unit = unit or quantity.unit or next(iter(units))
    if unit not in units:
        raise AskedError("unit", _("되는 단위: %s") % ", ".join(filter(None, units)))
    places = digits if digits is not None else 1 if unit else 0
    number = f"{value / units[unit]:,.{places}f}"
    return f"{number}\u00a0{unit}" if quantity.kind == "bytes" else f"{number}{unit}"


def about(name: str, found: Computed) -> str:
    """Model, format where it matters, what the figure is, and the rules."""
    model, weights = catalog.model(found.deployment.model).name, format_name(found.deployment.weights.id)
    stored = [weights] if "weights" in QUANTITIES[name].needs else []
    return " · ".join([model, *stored, str(LABELS[name]), _("계산 규칙 %s") % found.estimate.rules_version])
