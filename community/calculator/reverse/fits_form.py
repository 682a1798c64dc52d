"""The address of "what fits into these GPUs", parsed, and the links to the same question asked a little otherwise."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from community.sizing import InputError
from community.sizing.fit import check
from community.sizing.hardware import Device
from community.sizing.size import MOST_CONTEXT, MOST_REQUESTS

from ..fields import whole
from ..query import cards_of, devices_of
from ..words import ENGINES
from .address import ENGINE_CHOICES, address, answered, parts, said
from .fits import Fit, fits, usual_engine

ROWS = 25  # of a page
MOST_GPUS = 32  # laying out every model of the catalogue on more takes a second
ORDERS: dict[str, tuple[Any, Callable[[Fit], float]]] = {
    "": (gettext_lazy("파라미터 많은 순"), lambda fit: -fit.parameters),
    "needed": (gettext_lazy("메모리 적은 순"), lambda fit: fit.needed),
    "speed": (gettext_lazy("속도 상한 높은 순"), lambda fit: -(fit.speed or 0)),
}


class FitsForm(forms.Form):
    """/calculator/fits/?gpu=&gpus=&context=&requests=&engine=&published=&q=&sort=&page=."""

    gpu = forms.CharField(required=False, max_length=400, label=gettext_lazy("GPU"))
    gpus = whole(gettext_lazy("장수"), MOST_GPUS)
    context = whole(gettext_lazy("문맥 길이"), MOST_CONTEXT)
    requests = whole(gettext_lazy("동시 요청"), MOST_REQUESTS)
    engine = forms.CharField(required=False, max_length=80, label=gettext_lazy("엔진"))
    published = forms.BooleanField(required=False, label=gettext_lazy("공개된 파일을 아는 형식만"))
    q = forms.CharField(required=False, max_length=100, label=gettext_lazy("모델 이름"))
    sort = forms.ChoiceField(
        required=False,
        choices=[(name, name) for name in ORDERS],
        label=gettext_lazy("정렬"),
        error_messages={"invalid_choice": gettext_lazy("되는 값: needed, speed. 비우면 파라미터 많은 순")},
    )
    page = whole(gettext_lazy("쪽"), 1_000)

    devices: tuple[Device, ...] = ()
    engine_name = ""
    found: tuple[Fit, ...] = ()

    def clean(self) -> dict[str, Any]:
        return answered(self, self.answer)

    def answer(self, asked: dict[str, Any]) -> None:
        devices = devices_of(asked["gpu"], int(asked["gpus"]))
        if len(devices) > MOST_GPUS:
            raise InputError("gpu", f"{len(devices)} cards are too many", f"1 to {MOST_GPUS}")
        engine = self.cleaned_data.get("engine") or usual_engine(devices)
        load = int(asked["context"]), int(asked["requests"])
        check(engine, devices, *load)
        cards = cards_of(devices)
        self.found = fits(cards["gpu"], int(cards["gpus"]), engine, *load, bool(self.cleaned_data.get("published")))
        self.devices, self.engine_name = devices, engine
        last = max(1, -(-len(self.rows) // ROWS))
        if asked.get("page", 1) > last:
            raise InputError("page", f"there is no page {asked['page']}", f"1 to {last}")

    @cached_property
    def rows(self) -> list[Fit]:
        words = self.cleaned_data.get("q", "").lower().split()
        named = [fit for fit in self.found if all(word in names_of(fit) for word in words)]
        return sorted(named, key=ORDERS[self.cleaned_data.get("sort", "")][1])

    @cached_property
    def values(self) -> dict[str, Any]:
        """The address in its one order; the usual engine and the first page are left out."""
        asked, usual = self.cleaned_data, usual_engine(self.devices)
        return {
            **cards_of(self.devices),
            "context": asked["context"],
            "requests": asked["requests"],
            "engine": "" if asked["engine"] == usual else asked["engine"],
            "published": "1" if asked["published"] else "",
            "q": asked["q"],
            "sort": asked["sort"],
            "page": "" if asked["page"] == 1 else asked["page"],
        }

    @property
    def query(self) -> str:
        return self.linked(**self.values)

    def linked(self, **changes: Any) -> str:
        return address(self.values | {"page": ""} | changes, ("gpu", "engine"))

    @property
    def orders(self) -> list[tuple[str, str, bool]]:
        """(query, words, current)."""
        current = self.cleaned_data["sort"]
        return [(self.linked(sort=name), str(words), name == current) for name, (words, _key) in ORDERS.items()]

    @property
    def engines(self) -> list[tuple[str, str, bool]]:
        usual = usual_engine(self.devices)
        return [
            (self.linked(engine="" if name == usual else name), words, name == self.engine_name)
            for name, words in ENGINE_CHOICES
        ]

    @property
    def engine_words(self) -> str:
        return ENGINES[self.engine_name]

    @cached_property
    def parts(self) -> dict[str, dict[str, str]]:
        return parts(self)

    @property
    def said(self) -> list[tuple[str, str]]:
        return said(self)


def names_of(fit: Fit) -> str:
    return " ".join((fit.model.name, *fit.model.names)).lower()
