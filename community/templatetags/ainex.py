"""How the templates write dates, states, icons and version ranges."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community.calculator.words import ENGINES
from community.content.unbroken import unbroken as keep_terms
from community.models import Claim, State, Verdict
from community.models.claims import ClaimVerdict
from community.views.today import SEOUL, today

register = template.Library()

# (icon, tone): a state never rests on its colour alone.
MARKS: dict[str, tuple[str, str]] = {
    State.VERIFIED: ("check", "ok"),
    Verdict.CURATED: ("check", "ok"),
    ClaimVerdict.CONFIRMED: ("check", "ok"),
    State.CORRECTED: ("pen", "accent"),
    State.UNDER_REVIEW: ("clock", "warn"),
    ClaimVerdict.IMPRECISE: ("tilde", "warn"),
    ClaimVerdict.OUTDATED: ("clock", "warn"),
    ClaimVerdict.WRONG: ("cross", "bad"),
    ClaimVerdict.CONTRADICTION: ("split", "bad"),
    ClaimVerdict.UNVERIFIABLE: ("question", "plain"),
    State.WAITING: ("hourglass", "plain"),
    Verdict.SUPERSEDED: ("next", "plain"),
}
LABELS = {choice.value: choice.label for choices in (Verdict, State) for choice in choices}

# The calculator's, and what only texts speak of.
NAMES = ENGINES | {"mlx-lm": "MLX LM", "tabbyapi": "TabbyAPI", "transformers": "Transformers"}


@register.filter
def unbroken(text: object) -> SafeString:
    return keep_terms(str(text))


@register.filter
def korean_date(value: dt.date | dt.datetime | None, form: str = "") -> SafeString | str:
    """<time> with "11월 18일"; the year is added when it is not this year's, or with "full"."""
    if value is None:
        return ""
    day = value.astimezone(SEOUL).date() if isinstance(value, dt.datetime) else value
    if form == "full" or day.year != today().year:
        text = _("%(year)s년 %(month)s월 %(day)s일") % {"year": day.year, "month": day.month, "day": day.day}
    else:
        text = _("%(month)s월 %(day)s일") % {"month": day.month, "day": day.day}
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), text)


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.inclusion_tag("parts/_state.html")
def state(value: str, label: str = "") -> dict[str, str]:
    """The tag of a question's state, an answer's verdict or, with its label, a statement's verdict."""
    symbol, tone = MARKS[value]
    return {"symbol": symbol, "tone": tone, "label": label or str(LABELS[value])}


@register.inclusion_tag("parts/_claims.html")
def claims_table(claims: Sequence[Claim], key: str) -> dict[str, Any]:
    """Statements with their verdicts; `key` keeps the filters of several tables on a page apart."""
    counts = Counter(claim.verdict for claim in claims)
    verdicts = [(verdict.value, verdict.label, counts[verdict]) for verdict in ClaimVerdict if counts[verdict]]
    return {"claims": claims, "key": key, "verdicts": verdicts}


@register.filter
def version_range(row: dict[str, str]) -> str:
    """{"engine": "vllm", "since": "0.10.2"} -> "vLLM 0.10.2 이상"."""
    engine, since, until = NAMES.get(row["engine"], row["engine"]), row.get("since"), row.get("until")
    if since and until:
        return f"{engine} {since}–{until}"
    if since:
        return _("%(engine)s %(version)s 이상") % {"engine": engine, "version": since}
    if until:
        return _("%(engine)s %(version)s 이하") % {"engine": engine, "version": until}
    return engine
