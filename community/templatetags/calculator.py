"""What the calculator's pages share: links to each other, proposals for their fields, the limits of the verdicts."""

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.calculator.reverse.address import questions_about
from community.sizing import Deployment, catalog
from community.sizing.size import COMFORTABLE

register = template.Library()


@register.simple_tag
def verdict_limits() -> str:
    """What the verdicts of a table mean."""
    limits = _("들어가요는 GPU마다 쓸 수 있는 메모리의 %(share)s까지, 빠듯해요는 100%%까지예요.")
    return limits % {"share": f"{COMFORTABLE:.0%}"}


@register.inclusion_tag("calculator/_known.html")
def known_models() -> dict[str, object]:
    """What a field with list="models" proposes: ids, with the names that say more than the id."""
    names = [(row.id, "" if letters(row.name) == letters(row.id) else row.name) for row in catalog.models()]
    return {"id": "models", "rows": names}


@register.inclusion_tag("calculator/_known.html")
def known_gpus() -> dict[str, object]:
    """What a field with list="gpu-list" proposes; the reader's own card is called by its name there."""
    return {"id": "gpu-list", "rows": [(row.id, row.name) for row in catalog.devices()]}


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


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
