"""The home page's question: does this model run on my cards, and in which format."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from community.sizing import Deployment, Estimate, catalog, size
from community.sizing.fit import asked_of, held, ladder
from community.sizing.hardware import Device
from community.sizing.settings import MOST_CARDS

from ..fields import whole
from ..query import DEFAULTS, cards_of, devices_of
from ..result import Result
from .address import answered, parts, said
from .needs import COMMON, MACS

ON_CARDS, ON_MACS = ("vllm", "llama.cpp"), ("mlx", "llama.cpp")
# What the page proposes; any model of the catalogue can be written.
PROPOSED = (
    "qwen3-8b", "qwen3-14b", "qwen3-32b", "qwen3-30b-a3b", "qwen3-235b-a22b", "qwen3-next-80b-a3b", "qwen3.6-27b",
    "llama-3.1-8b", "llama-3.3-70b", "gemma-3-12b", "gemma-3-27b", "gpt-oss-20b", "gpt-oss-120b", "glm-4.7-flash",
    "deepseek-r1", "deepseek-v3.2", "kimi-k2.6", "exaone-4.0-32b", "a.x-4.0-light", "mistral-small-24b-2501",
)  # fmt: skip


@lru_cache(maxsize=256)
def answers(model_id: str, gpu: str, gpus: int) -> tuple[tuple[Deployment, Estimate], ...]:
    """For two engines the largest format that fits, at the calculator's usual context and one request; where none does,
    the smallest, whose estimate says what would be needed."""
    model, devices, found = catalog.model(model_id), devices_of(gpu, gpus), []
    context = int(DEFAULTS["context"])
    for engine in ON_MACS if devices[0].vendor == "Apple" else ON_CARDS:
        formats = ladder(model.id, engine)
        fit = held(model, engine, formats, devices, context, 1)
        asked = fit[0] if fit else asked_of(model, engine, formats[-1], devices, context)
        found.append((asked, size(asked)))
    return tuple(found)


class QuickForm(forms.Form):
    """/calculator/quick/?model=&gpu=&gpus=."""

    model = forms.CharField(required=False, max_length=200, label=gettext_lazy("모델"))
    gpu = forms.CharField(required=False, max_length=400, label=gettext_lazy("GPU"))
    gpus = whole(gettext_lazy("장수"), MOST_CARDS["llama.cpp"])

    results: tuple[Result, ...] = ()

    @classmethod
    def example(cls) -> QuickForm:
        form = cls({})
        form.is_valid()
        return form

    def clean(self) -> dict[str, Any]:
        return answered(self, self.answer)

    def answer(self, asked: dict[str, Any]) -> None:
        cards = cards_of(devices_of(asked["gpu"], int(asked["gpus"])))
        found = answers(catalog.model(asked["model"]).id, cards["gpu"], int(cards["gpus"]))
        self.results = tuple(Result(deployment, estimate, DEFAULTS["unit"]) for deployment, estimate in found)

    @property
    def proposed(self) -> list[catalog.Model]:
        return [catalog.model(name) for name in PROPOSED]

    @property
    def devices(self) -> list[Device]:
        return [catalog.device(name) for name in COMMON + MACS]

    @property
    def other_gpu(self) -> str:
        """A GPU that was asked for and is none of the list."""
        asked = self.parts["gpu"]["value"]
        return "" if asked in COMMON + MACS else asked

    @property
    def context(self) -> int:
        return int(DEFAULTS["context"])

    @cached_property
    def parts(self) -> dict[str, dict[str, str]]:
        return parts(self)

    @property
    def said(self) -> list[tuple[str, str]]:
        return said(self)
