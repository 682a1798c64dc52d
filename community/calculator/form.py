"""The calculator's address, parsed: a deployment and its result, or an error at a field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from community.sizing import Deployment, Estimate, InputError, catalog, size
from community.sizing.engines import MODULES, engine
from community.sizing.formats import parse_format
from community.sizing.size import MOST_CONTEXT, MOST_DEVICES, MOST_REQUESTS

from .fields import part, whole
from .formats import Offered, offered
from .query import (
    DEFAULTS,
    FLAGS,
    SETTINGS,
    canonical_query,
    deployment_of,
    devices_of,
    takes,
    usual_weights,
    values_of,
)
from .result import Result
from .sharing.saved import Saved
from .words import ENGINES, error_words

UNITS = ("GiB", "GB")
RULES = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(\.[0-9]{1,2})?$"
MOST_NEEDED = 10_000_000  # GiB
NAMED: dict[str, Callable[[str], Any]] = {
    "model": catalog.model, "engine": engine, "weights": parse_format, "gpu": devices_of,
}  # fmt: skip
# Fields of the engine's errors that are called otherwise here.
NAMES = {flag: name for name, flag in FLAGS.items()}

MAIN = (*DEFAULTS, "weights", "version")
SAVED = ("rules", "needed")  # what a copied link says of its moment: no part of the question


class SharedFields(dict[str, forms.Field]):
    """Nothing here changes a form's fields; copying all of them for each form took a tenth of an answer's time."""

    def __deepcopy__(self, memo: object) -> dict[str, forms.Field]:
        return dict(self)


class CalculatorForm(forms.Form):
    """`version` and `of` are the form's own: `of` is the engine that format and settings were chosen for."""

    model = forms.CharField(required=False, max_length=200, label=gettext_lazy("모델"))
    engine = forms.CharField(required=False, max_length=80, label=gettext_lazy("엔진"))
    weights = forms.CharField(required=False, max_length=60, label=gettext_lazy("형식"))
    gpu = forms.CharField(required=False, max_length=400, label=gettext_lazy("GPU"))
    gpus = whole(gettext_lazy("장수"), MOST_DEVICES)
    context = whole(gettext_lazy("문맥 길이"), MOST_CONTEXT)
    requests = whole(gettext_lazy("동시 요청"), MOST_REQUESTS)
    kv = forms.CharField(required=False, max_length=20, label=gettext_lazy("KV 자료형"))
    utilization = forms.FloatField(
        required=False,
        label=gettext_lazy("예약 비율"),
        error_messages={"invalid": gettext_lazy("0보다 크고 1 이하인 수로 적어 주세요. 예: 0.9")},
    )
    tp = whole(gettext_lazy("텐서 병렬"), MOST_DEVICES)
    pp = whole(gettext_lazy("파이프라인 병렬"), MOST_DEVICES)
    ep = whole(gettext_lazy("전문가 병렬"), MOST_DEVICES)
    gpu_layers = whole(gettext_lazy("GPU에 둘 층 수"), 1_000, least=0)
    cpu_moe = forms.BooleanField(required=False, label=gettext_lazy("전문가 가중치를 시스템 메모리에"))
    max_num_seqs = whole(gettext_lazy("배치의 요청 수"), MOST_REQUESTS)
    max_num_batched_tokens = whole(gettext_lazy("배치의 토큰 수"), MOST_CONTEXT)
    ubatch = whole(gettext_lazy("마이크로 배치"), MOST_REQUESTS)
    eager = forms.BooleanField(required=False, label=gettext_lazy("CUDA 그래프 없이"))
    unit = forms.ChoiceField(required=False, choices=[(unit, unit) for unit in UNITS], label=gettext_lazy("단위"))
    version = forms.CharField(required=False, max_length=40, label=gettext_lazy("엔진 버전"))
    of = forms.CharField(required=False, max_length=40)
    rules = forms.RegexField(
        RULES,
        required=False,
        label=gettext_lazy("저장할 때의 규칙"),
        error_messages={"invalid": gettext_lazy("2026-11-20처럼 날짜로 적어 주세요.")},
    )
    needed = forms.DecimalField(
        required=False,
        min_value=0,
        max_value=MOST_NEEDED,
        label=gettext_lazy("저장할 때의 메모리"),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("GiB 수로 적어 주세요. 예: 18.14")
        ),
    )

    result_class = Result
    subject = "model"  # the field of what is wrong with no field of its own
    deployment: Deployment | None = None
    estimate: Estimate | None = None

    @property
    def sent(self) -> bool:
        """Sent by the form's button, not followed from a link."""
        return "of" in self.data

    def clean(self) -> dict[str, Any]:
        asked = dict(self.cleaned_data)
        name, _at, version = (asked.get("engine") or DEFAULTS["engine"]).partition("@")
        if self.sent and asked.get("of") != name:
            asked = self.for_engine(asked, name)
        elif not version and asked.get("version"):
            asked["engine"] = f"{name}@{asked['version']}"
        for field, check in NAMED.items():
            self.check(field, check, asked)
        if not set(self.errors) - set(SAVED):
            self.answer(asked)
        return asked

    def check(self, field: str, check: Callable[[str], Any], asked: dict[str, Any]) -> None:
        """Names on their own, so that one wrong field does not hide another."""
        try:
            if asked.get(field):
                check(asked[field])
        except InputError as error:
            self.refuse(error)

    def for_engine(self, asked: dict[str, Any], name: str) -> dict[str, Any]:
        """Another engine was chosen: what only the last one knows is let go."""
        kept = {key: value for key, value in asked.items() if key not in SETTINGS or takes(name, key)}
        kept |= {"kv": None, "version": "", "weights": ""}
        try:
            found = self.offered_by(self.deployment_of(kept | {"weights": asked.get("weights")}))
        except InputError:
            return kept
        return kept | {"weights": asked["weights"] if asked.get("weights") in found.readable else ""}

    def deployment_of(self, asked: dict[str, Any]) -> Deployment:
        """A pasted config.json brings a model of its own (config/pasted.py)."""
        return deployment_of(asked)

    def answer(self, asked: dict[str, Any]) -> None:
        try:
            deployment = self.deployment_of(asked)
            self.estimate = size(deployment)
        except InputError as error:
            self.refuse(error)
        else:
            self.deployment = deployment

    def refuse(self, error: InputError) -> None:
        """At the field that the engine names; a version's error belongs to the field where it was written."""
        field = NAMES.get(error.field, error.field)
        if field == "engine" and self.cleaned_data.get("version") and self.cleaned_data.get("engine") in MODULES:
            field = "version"
        self.add_error(field if field in self.fields else self.subject, error_words(error, field))

    @cached_property
    def result(self) -> Result | None:
        if not self.deployment or not self.estimate:
            return None
        return self.result_class(self.deployment, self.estimate, self.amount_unit)

    @property
    def amount_unit(self) -> str:
        return self.cleaned_data.get("unit") or DEFAULTS["unit"]

    @property
    def query(self) -> str:
        return canonical_query(self.deployment, self.amount_unit) if self.deployment else ""

    @cached_property
    def shown(self) -> dict[str, str]:
        """What the fields show: the deployment's own values, or as they were sent where something is wrong."""
        if self.deployment:
            values = values_of(self.deployment, self.amount_unit)
        else:
            values = DEFAULTS | {name: self.data.get(name, "") for name in self.fields if self.data.get(name)}
        name, _at, version = values["engine"].partition("@")
        return values | {"engine": name, "version": version or values.get("version", "")}

    @property
    def saved(self) -> Saved | None:
        """What a copied link says of its moment, where it says something."""
        rules, needed = self.cleaned_data.get("rules", ""), self.cleaned_data.get("needed")
        if self.estimate is None or not (rules or needed is not None):
            return None
        return Saved(rules, needed, self.estimate, self.amount_unit)

    @property
    def unread(self) -> list[tuple[str, str]]:
        """Of the link's moment, what cannot be read."""
        return [(str(self.fields[name].label), str(self.errors[name][0])) for name in SAVED if name in self.errors]

    @property
    def units(self) -> tuple[str, ...]:
        return UNITS

    @property
    def opened(self) -> bool:
        """Something in the fold is set or wrong."""
        folded = (*SETTINGS, "version")
        return any(self.shown.get(name) or name in self.errors for name in folded) or self.amount_unit != UNITS[0]

    @property
    def engines(self) -> list[tuple[str, str]]:
        return [(name, ENGINES[name]) for name in MODULES]

    @cached_property
    def main_fields(self) -> dict[str, dict[str, str]]:
        return {name: self.part(name) for name in MAIN if name in self.fields}

    @property
    def taken(self) -> list[str]:
        """The settings that the engine has, and those that were sent though it has them not."""
        name = self.shown["engine"]
        return [setting for setting in SETTINGS if takes(name, setting) or setting in self.errors]

    @property
    def settings(self) -> list[dict[str, str]]:
        return [self.part(name) for name in self.taken]

    def part(self, name: str) -> dict[str, str]:
        return part(self, name, self.shown.get(name, ""))

    @property
    def named(self) -> list[tuple[str, str]]:
        """Every error of the question with the name of its field."""
        return [(name, str(messages[0])) for name, messages in self.errors.items() if name not in SAVED]

    @property
    def said(self) -> list[tuple[str, str]]:
        """Every error of the question with the label of its field."""
        return [(str(self.fields[name].label), words) for name, words in self.named]

    @property
    def other_engine(self) -> bool:
        """The page's settings are still those of another engine."""
        return self.sent and self.data.get("of") != self.shown["engine"]

    @cached_property
    def formats(self) -> Offered:
        """The formats for the chosen engine and cards, or for the example where these are wrong."""
        if self.deployment:
            return self.offered_by(self.deployment)
        chosen = self.shown.get("weights", "")
        name = self.shown["engine"] if self.shown["engine"] in MODULES else DEFAULTS["engine"]
        return self.offered_by(self.deployment_of({"engine": name})).showing(chosen or usual_weights(name))

    @staticmethod
    def offered_by(deployment: Deployment) -> Offered:
        return offered(deployment)


CalculatorForm.base_fields = SharedFields(CalculatorForm.base_fields)
