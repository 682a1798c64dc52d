"""Figures of the catalogue in words: units, kinds of layers, verdicts, evidence. Units appear here, nowhere below."""

import re
from collections.abc import Iterable

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.calculator.words import ENGINES, EVIDENCE, VERDICTS, amount_in, format_name
from community.sizing.estimate import Evidence, Verdict
from community.sizing.formats import parse_format

register = template.Library()
register.filter(format_name)

LAYERS = {
    "full": gettext_lazy("전체 어텐션"),
    "sliding": gettext_lazy("창 어텐션"),
    "chunked": gettext_lazy("토막 어텐션"),
    "latent": gettext_lazy("잠재 어텐션(MLA)"),
    "compressed": gettext_lazy("압축 어텐션"),
    "recurrent": gettext_lazy("순환 층"),
    "shared": gettext_lazy("앞 층의 캐시를 함께 쓰는 층"),
    "none": gettext_lazy("캐시가 없는 층"),
}
COMPONENTS = {
    "weights": gettext_lazy("가중치"),
    "kv_per_token": gettext_lazy("토큰당 KV 캐시"),
    "kv_pool": gettext_lazy("KV 풀"),
    "activation": gettext_lazy("활성값"),
    "non_torch": gettext_lazy("PyTorch 밖"),
    "cuda_graph": gettext_lazy("CUDA 그래프"),
    "compute_buffer": gettext_lazy("계산 버퍼"),
    "total": gettext_lazy("합계"),
    "file_size": gettext_lazy("로그의 파일 크기"),
    "file_bytes": gettext_lazy("파일 크기"),
    "record": gettext_lazy("기록 전체"),
}
VARIANTS = {
    "projection": gettext_lazy("엔진의 예상"),
    "as logged": gettext_lazy("로그의 합계"),
    "on GPUs": gettext_lazy("GPU에 올린 것"),
}
GROUPS = {
    "mixes of others": gettext_lazy("다른 곳의 혼합 양자화"),
    "experts in system memory": gettext_lazy("전문가를 시스템 메모리에"),
    "unknown": gettext_lazy("버전을 알 수 없음"),
}
VERSIONS = re.compile(r"([0-9.]*)-([0-9.]*)")
REASONS = {
    "config_id": gettext_lazy("구조를 모르는 모델"),
    "no_rule": gettext_lazy("규칙 없음"),
    "engine": gettext_lazy("규칙 없는 엔진"),
    "weights": gettext_lazy("알 수 없는 형식"),
    "nothing_measured": gettext_lazy("견줄 값 없음"),
}
FIELDS = {
    "usable": gettext_lazy("쓸 수 있는 메모리"),
    "usable_mib": gettext_lazy("쓸 수 있는 메모리"),
    "cuda_total_mib": gettext_lazy("CUDA가 보는 메모리"),
    "bandwidth_gbs": gettext_lazy("메모리 대역폭"),
    "nvlink_gbs": gettext_lazy("NVLink"),
    "capability": gettext_lazy("계산 세대"),
    "compute_capability": gettext_lazy("계산 세대"),
    "dense_tflops": gettext_lazy("계산 속도"),
}


@register.filter
def gib(size: int | float) -> str:
    return f"{size / 2**30:,.2f}"


@register.filter
def gb(size: int | float) -> str:
    return f"{size / 1e9:,.2f}"


@register.filter
def binary(size: float) -> str:
    """Bytes in the largest binary unit that leaves at least 1."""
    for unit, shift in (("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)):
        if abs(size) >= 1 << shift:
            return f"{size / (1 << shift):,.2f} {unit}"
    return f"{size:,.0f} B"


@register.filter
def needed(size: int) -> SafeString:
    """Memory that is needed, over all GPUs, as a reader and as a machine read it."""
    return format_html('<data class="needed" value="{}">{}</data>', size, amount_in("GiB")(size))


@register.filter
def thousands(count: int) -> str:
    return f"{count:,}"


@register.filter
def per_second(rate: float) -> str:
    """Bytes a second in GB/s, as data sheets have it."""
    return f"{rate / 1e9:,.0f}"


@register.simple_tag
def measure(size: float, unit: str) -> str:
    """A measured or predicted size; where a log prints tokens only, it is those; 0 is that nothing was read."""
    if not size:
        return _("없음")
    return _("%(count)s토큰") % {"count": f"{size:,.0f}"} if unit == "tokens" else binary(size)


@register.filter
def parameters(count: int) -> str:
    """8190735360 -> 8.19B, as models are named."""
    return f"{count / 1e12:,.2f}T" if count >= 1e12 else f"{count / 1e9:,.2f}B"


@register.filter
def share(error: float) -> str:
    """A relative error with its sign; what rounds to nothing has none."""
    return f"{error:+.2%}" if abs(error) >= 5e-5 else "0.00%"


@register.filter
def percent(error: float) -> str:
    return f"{error:.2%}"


@register.filter
def engine_name(engine: str) -> str:
    return _("공개된 파일") if engine == "files" else ENGINES.get(engine, engine)


@register.filter
def evidence_of(weights: str) -> str:
    """Counted tensor by tensor; EXL files follow a budget, whose rule is its converter's."""
    return str(EVIDENCE[Evidence.RULE if parse_format(weights).kind == "exl" else Evidence.EXACT])


@register.filter
def layer_kind(kind: str) -> str:
    return str(LAYERS.get(kind, kind))


@register.filter
def component_name(component: str) -> str:
    return str(COMPONENTS.get(component, component))


@register.filter
def variant_name(variant: str) -> str:
    return str(VARIANTS.get(variant, variant))


@register.filter
def reason_name(reason: str) -> str:
    """Why a figure was not predicted."""
    return str(REASONS.get(reason, reason))


@register.filter
def group_name(group: str) -> str:
    """Records that share rules; versions of an engine are written -0.7, 0.17-0.19, 0.20-."""
    if not (versions := VERSIONS.fullmatch(group)):
        return str(GROUPS.get(group, group.removesuffix(", format-default")))
    first, last = versions.groups()
    if first and last:
        return f"{first}–{last}"
    return _("%(version)s부터") % {"version": first} if first else _("%(version)s까지") % {"version": last}


@register.filter
def fields(names: Iterable[str]) -> str:
    """Fields of data/gpus.toml; a rate of calculation is named by its number format."""
    rate = _("%(format)s 계산 속도")
    return ", ".join(str(FIELDS.get(name) or rate % {"format": name.split()[0].upper()}) for name in names)


@register.inclusion_tag("parts/_state.html")
def verdict(value: str | None) -> dict[str, object]:
    """The verdict's tag; None is that no format of the ladder fits."""
    label, symbol, tone = VERDICTS[Verdict(value or Verdict.DOES_NOT_FIT)]
    return {"symbol": symbol, "tone": tone, "label": label}
