"""Which formats are offered: those the engine reads on every card that was chosen, and why the others are not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from community.sizing import Deployment, catalog
from community.sizing.architecture import Architecture
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

    @property
    def options(self) -> str:
        """What the select holds, as HTML."""
        return options_of(self)

    @property
    def refused_words(self) -> str:
        return ", ".join(row.words for row in self.refused)

    def showing(self, chosen: str) -> Offered:
        return replace(self, chosen=chosen)


def offered(deployment: Deployment) -> Offered:
    cards = tuple(dict.fromkeys(device.id for device in deployment.devices))
    kind = replace(deployment.architecture, layers=(), tensors=())  # what decides, without its weight in memory
    return lists(deployment.engine, deployment.version, cards, kind).showing(deployment.weights.id)


@lru_cache(maxsize=500)
def lists(engine: str, version: str, cards: tuple[str, ...], kind: Architecture) -> Offered:
    """Kept, since a reader who tries numbers asks for the same lists again and again."""
    devices = tuple(catalog.device(card) for card in cards)
    found: dict[str, list[str]] = {"yes": [], "unknown": [], "no": []}
    refused: dict[str, Refused] = {}
    for name in FORMATS:
        weights = parse_format(name)
        support = worst_support(Deployment("", kind, weights, engine, version, devices, context=1))
        found[support.verdict].append(name)
        if support.verdict == "no":
            refused.setdefault(scheme(weights), Refused(scheme(weights), support.since))
    left = {scheme(parse_format(name)) for name in found["yes"] + found["unknown"]}
    refusals = tuple(row for kind_of, row in refused.items() if kind_of not in left)
    return Offered("", tuple(found["yes"]), tuple(found["unknown"]), refusals)


@lru_cache(maxsize=500)
def options_of(offer: Offered) -> str:
    return render_to_string("calculator/_formats.html", {"offer": offer})
