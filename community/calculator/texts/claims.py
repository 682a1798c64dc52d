"""A stated figure against the computed one: agrees, differs, or cannot be computed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.sizing import Verdict
from community.sizing.formats import parse_format, weigh
from community.sizing.speed import download_seconds

from ..query import canonical_query
from ..words import VERDICTS
from .asked import AskedError
from .figures import LABELS, Computed, NotComputed, Quantity, computed, quantity_of, rate_of, value_of
from .stated import Stated, meant, stated

OWN = ("quantity", "stated", "why", "size", "against")


class Outcome(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


# (words, icon): an outcome never rests on its colour alone.
OUTCOMES = {
    Outcome.AGREES: (gettext_lazy("계산과 맞음"), "check"),
    Outcome.DIFFERS: (gettext_lazy("계산과 다름"), "split"),
    Outcome.UNKNOWN: (gettext_lazy("계산할 수 없음"), "question"),
}


@dataclass(frozen=True)
class Agreement:
    """`value` is in bytes, seconds, a count…, `computed` the same in the stated unit; `query` is the calculator's
    address, "" where no model is named; `why` is the curator's word on it, or why nothing could be computed."""

    outcome: Outcome
    quantity: str
    stated: str
    value: float | str = ""
    computed: str = ""
    query: str = ""
    why: str = ""

    @property
    def label(self) -> str:
        return str(LABELS.get(self.quantity, ""))

    @property
    def words(self) -> str:
        return str(OUTCOMES[self.outcome][0])

    @property
    def icon(self) -> str:
        return OUTCOMES[self.outcome][1]

    @property
    def text(self) -> str:
        """In one line: both figures."""
        both = _("적힌 값 %s") % self.stated + (_(", 계산 %s") % self.computed if self.computed else "")
        return f"{self.words}: {both}"

    def contradicts(self, verdict: str) -> bool:
        """Whether arithmetic says the opposite of a claim's verdict, and nobody has said why."""
        opposite = {"confirmed": Outcome.DIFFERS, "wrong": Outcome.AGREES}
        return not self.why and opposite.get(verdict) == self.outcome


def agreement(compute: Mapping[str, Any]) -> Agreement:
    """Raises AskedError for a key or value that is not one of these."""
    values = {key: "1" if value is True else str(value) for key, value in compute.items()}
    for key in ("quantity", "stated"):
        if not values.get(key):
            raise AskedError(key, _("꼭 적어야 해요."))
    name, said, why = values["quantity"], values["stated"], values.get("why", "")
    quantity = quantity_of(name)
    try:
        found = None if "size" in values else computed(quantity, {k: v for k, v in values.items() if k not in OWN})
        outcome, value, text = judged(quantity, values, found)
    except NotComputed as error:
        return Agreement(Outcome.UNKNOWN, name, said, why=why or error.message)
    return Agreement(outcome, name, said, value, text, canonical_query(found.deployment) if found else "", why)


Judged = tuple[Outcome, float | str, str]


def judged(quantity: Quantity, values: Mapping[str, str], found: Computed | None) -> Judged:
    if found is None:
        seconds = download_of(values)
        return compared(stated(values["stated"], "seconds"), seconds)
    if "against" in values:
        return compared(stated(values["stated"], "share"), share(values, found))
    if quantity.kind == "verdict":
        return decided(meant(values["stated"]), found.estimate.verdict)
    said = stated(values["stated"], quantity.kind)
    return compared(said, float(value_of(values["quantity"], found)))


def compared(said: Stated, value: float) -> Judged:
    return Outcome.AGREES if said.holds(value) else Outcome.DIFFERS, value, said.written(value)


def decided(allowed: set[Verdict], verdict: Verdict) -> Judged:
    if verdict == Verdict.UNKNOWN:
        raise NotComputed("quantity", _("이 조합이 되는지 확인한 자료가 없어요."))
    return Outcome.AGREES if verdict in allowed else Outcome.DIFFERS, verdict, str(VERDICTS[verdict][0])


def download_of(values: Mapping[str, str]) -> float:
    """Seconds for a size that is itself only stated."""
    if values["quantity"] != "download-time":
        raise AskedError("size", _("download-time에만 쓸 수 있어요."))
    for key in values:
        if key not in (*OWN, "rate"):
            raise AskedError(key, _("size와 함께 쓸 수 없어요."))
    size = stated(values["size"], "bytes")
    return download_seconds(round(size.low * size.scale), rate_of(values))


def share(values: Mapping[str, str], found: Computed) -> float:
    """The weights in this format as a share of those in another."""
    if values["quantity"] != "weights":
        raise AskedError("against", _("weights에만 쓸 수 있어요."))
    try:
        other = parse_format(values["against"])
    except ValueError as error:
        raise AskedError("against", _("모르는 형식이에요.")) from error
    return found.estimate.weights_bytes / weigh(found.deployment.architecture, other).weights_bytes
