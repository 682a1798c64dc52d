"""The address of "what does this model need", parsed."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from community.sizing import catalog
from community.sizing.fit import check
from community.sizing.size import MOST_CONTEXT, MOST_REQUESTS
from community.sizing.suggestions import CARDS

from ..fields import whole
from ..query import DEFAULTS
from ..words import ENGINES
from .address import ENGINE_CHOICES, address, answered, parts, said
from .needs import Needs, cards_for, needs


class NeedsForm(forms.Form):
    """/calculator/needs/?model=&engine=&context=&requests=."""

    model = forms.CharField(required=False, max_length=200, label=gettext_lazy("모델"))
    engine = forms.CharField(required=False, max_length=80, label=gettext_lazy("엔진"))
    context = whole(gettext_lazy("문맥 길이"), MOST_CONTEXT)
    requests = whole(gettext_lazy("동시 요청"), MOST_REQUESTS)

    chosen: catalog.Model | None = None
    needs: Needs | None = None

    def clean(self) -> dict[str, Any]:
        return answered(self, self.answer)

    def answer(self, asked: dict[str, Any]) -> None:
        model, load = catalog.model(asked["model"]), (int(asked["context"]), int(asked["requests"]))
        check(asked["engine"], (catalog.device(cards_for(asked["engine"])[0]),), *load)
        self.needs = needs(model.id, asked["engine"], *load)
        self.chosen = model

    @cached_property
    def values(self) -> dict[str, Any]:
        """The address in its one order."""
        return self.cleaned_data | {"model": self.chosen.id if self.chosen else ""}

    @property
    def query(self) -> str:
        return self.linked()

    def linked(self, **changes: Any) -> str:
        return address(self.values | changes, ("model",))

    @property
    def engine_name(self) -> str:
        return self.parts["engine"]["value"] or DEFAULTS["engine"]

    @property
    def counts(self) -> str:
        """How many cards are tried, one after the other."""
        return ", ".join(map(str, CARDS))

    @property
    def engine_words(self) -> str:
        return ENGINES[self.engine_name]

    @property
    def engines(self) -> list[tuple[str, str, bool]]:
        """(query, words, current)."""
        return [(self.linked(engine=name), words, name == self.engine_name) for name, words in ENGINE_CHOICES]

    @cached_property
    def parts(self) -> dict[str, dict[str, str]]:
        return parts(self)

    @property
    def said(self) -> list[tuple[str, str]]:
        return said(self)
