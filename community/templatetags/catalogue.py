"""Figures of the catalogue in words: units, kinds of layers, verdicts, evidence. Units appear here, nowhere below."""

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.calculator import words
from community.calculator.reverse.address import questions_about
from community.calculator.words import EVIDENCE, VERDICTS, amount_in
from community.sizing import Deployment
from community.sizing.estimate import Evidence, Verdict
from community.sizing.formats import parse_format

from .ainex import ENGINES

register = template.Library()

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
def format_name(weights: str) -> str:
    return words.format_name(weights)


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
    return str(GROUPS.get(group, group))


@register.filter
def fields(names: Iterable[str]) -> str:
    """Fields of data/gpus.toml; a rate of calculation is named by its number format."""
    rate = _("%(format)s 계산 속도")
    return ", ".join(str(FIELDS.get(name) or rate % {"format": name.upper()}) for name in names)


@register.inclusion_tag("parts/_state.html")
def verdict(value: str | None) -> dict[str, object]:
    """The verdict's tag; None is that no format of the ladder fits."""
    label, symbol, tone = VERDICTS[Verdict(value or Verdict.DOES_NOT_FIT)]
    return {"symbol": symbol, "tone": tone, "label": label}


OTHERS = (
    ("calculator", gettext_lazy("VRAM 계산기")),
    ("calculator-fits", gettext_lazy("이 GPU에 무엇이 들어가나")),
    ("calculator-needs", gettext_lazy("이 모델에 무엇이 필요한가")),
    ("calculator-compare", gettext_lazy("견주기")),
    ("calculator-config", gettext_lazy("config.json으로 계산하기")),
    ("calculator-log", gettext_lazy("시작 로그 읽기")),
)


@register.inclusion_tag("calculator/_also.html")
def other_questions(here: str, deployment: Deployment | None = None, oob: bool = False) -> dict[str, object]:
    """Links to the calculator's other pages, with the same model and cards where those are known. `oob`: in a fragment,
    for the place that they have in the page."""
    queries = questions_about(deployment)
    addresses = [(reverse(name), queries.get(name), words) for name, words in OTHERS if name != here]
    links = [(f"{path}?{query}" if query else path, words) for path, query, words in addresses]
    return {"links": links, "oob": oob}
