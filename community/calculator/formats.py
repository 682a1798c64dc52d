"""Which formats are offered: those the engine reads on every card that was chosen, and why the others are not."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from community.sizing import Deployment
from community.sizing.compatibility import scheme
from community.sizing.formats import FORMATS, parse_format
from community.sizing.size import worst_support

from .words import SCHEMES, format_name


@dataclass(frozen=True)
class Refused:
    """A kind of format that is not offered; `since` is the version that reads it, where one does."""

    scheme: str
    since: str = ""

    @property
    def words(self) -> str:
        name = SCHEMES.get(self.scheme, self.scheme)
        return _("%(name)s(%(since)s부터)") % {"name": name, "since": self.since} if self.since else name


@dataclass(frozen=True)
class Offered:
    chosen: str
    readable: tuple[str, ...]
    unsure: tuple[str, ...]  # no source says yes or no
    refused: tuple[Refused, ...]

    @property
    def beyond(self) -> str:
        """The chosen format where no list holds it: it stays chosen, and the verdict says the rest."""
        return "" if self.chosen in self.readable + self.unsure else self.chosen

    @property
    def beyond_words(self) -> str:
        return format_name(self.beyond)

    @property
    def readable_words(self) -> list[tuple[str, str]]:
        return [(name, format_name(name)) for name in self.readable]

    @property
    def unsure_words(self) -> list[tuple[str, str]]:
        return [(name, format_name(name)) for name in self.unsure]

    def showing(self, chosen: str) -> Offered:
        return replace(self, chosen=chosen)


def offered(deployment: Deployment) -> Offered:
    found: dict[str, list[str]] = {"yes": [], "unknown": [], "no": []}
    refused: dict[str, Refused] = {}
    for name in FORMATS:
        weights = parse_format(name)
        support = worst_support(replace(deployment, weights=weights))
        found[support.verdict].append(name)
        if support.verdict == "no":
            refused.setdefault(scheme(weights), Refused(scheme(weights), support.since))
    left = {scheme(parse_format(name)) for name in found["yes"] + found["unknown"]}
    return Offered(
        chosen=deployment.weights.id,
        readable=tuple(found["yes"]),
        unsure=tuple(found["unknown"]),
        refused=tuple(row for kind, row in refused.items() if kind not in left),
    )
