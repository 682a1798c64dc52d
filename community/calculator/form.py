"""The calculator's address, parsed: a deployment and its estimate, or an error at a field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from community.sizing import Deployment, Estimate, InputError, catalog, size
from community.sizing.engines import MODULES, engine
from community.sizing.formats import parse_format
from community.sizing.hardware import Device
from community.sizing.size import MOST_CONTEXT, MOST_DEVICES, MOST_REQUESTS

from .formats import Offered, offered
from .query import DEFAULTS, SETTINGS, canonical_query, deployment_of, devices_of, takes, usual_weights, values_of
from .words import ENGINES, error_words

UNITS = ("GiB", "GB")
NAMED: dict[str, Callable[[str], Any]] = {
    "model": catalog.model, "engine": engine, "weights": parse_format, "gpu": devices_of,
}  # fmt: skip
# Fields of the engine's errors that are called otherwise here.
NAMES = {"gpu-memory-utilization": "utilization", "gpu-layers": "gpu_layers", "cpu-moe": "cpu_moe"}

HINTS = {
    "kv": gettext_lazy("비우면 엔진의 기본값. 예: fp8, q8_0"),
    "utilization": gettext_lazy("GPU 메모리 중 엔진이 잡을 몫. 예: 0.9"),
    "tp": gettext_lazy("비우면 모든 장"),
    "ep": gettext_lazy("전문가 혼합 모델만"),
    "gpu_layers": gettext_lazy("비우면 들어가는 만큼"),
    "cpu_moe": gettext_lazy("전문가 혼합 모델만"),
    "gpu": gettext_lazy("섞으면 rtx-4090,rtx-3090:2처럼"),
    "version": gettext_lazy("비우면 최신. 예: 0.19.0"),
}


def whole(label: Any, most: int, least: int = 1) -> forms.IntegerField:
    said = gettext_lazy("{least}–{most} 사이의 정수로 적어 주세요.")
    message = format_lazy(said, least=f"{least:,}", most=f"{most:,}")
    wrong = {"invalid": message, "min_value": message, "max_value": message}
    return forms.IntegerField(required=False, min_value=least, max_value=most, label=label, error_messages=wrong)


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
    unit = forms.ChoiceField(required=False, choices=[(unit, unit) for unit in UNITS], label=gettext_lazy("단위"))
    version = forms.CharField(required=False, max_length=40, label=gettext_lazy("엔진 버전"))
    of = forms.CharField(required=False, max_length=40)

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
        if not self.errors:
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
            found = self.offered_by(deployment_of(kept | {"weights": asked.get("weights")}))
        except InputError:
            return kept
        return kept | {"weights": asked["weights"] if asked.get("weights") in found.readable else ""}

    def answer(self, asked: dict[str, Any]) -> None:
        try:
            deployment = deployment_of(asked)
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
        self.add_error(field if field in self.fields else "model", error_words(error, field))

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
    def units(self) -> tuple[str, ...]:
        return UNITS

    @property
    def models(self) -> tuple[catalog.Model, ...]:
        return catalog.models()

    @property
    def devices(self) -> tuple[Device, ...]:
        return catalog.devices()

    @property
    def opened(self) -> bool:
        """Something in the fold is set or wrong."""
        folded = (*SETTINGS, "version")
        return any(self.shown.get(name) or name in self.errors for name in folded) or self.amount_unit != UNITS[0]

    @property
    def engines(self) -> list[tuple[str, str]]:
        return [(name, ENGINES[name]) for name in MODULES]

    @property
    def main_fields(self) -> dict[str, dict[str, str]]:
        return {name: self.part(name) for name in (*DEFAULTS, "weights", "version")}

    @property
    def settings(self) -> list[dict[str, str]]:
        """The settings that the engine has, and those that were sent though it has them not."""
        name = self.shown["engine"]
        return [self.part(setting) for setting in SETTINGS if takes(name, setting) or setting in self.errors]

    def part(self, name: str) -> dict[str, str]:
        """What a field of the page needs."""
        error = self.errors.get(name, [""])[0]
        return {"name": name, "label": str(self.fields[name].label), "value": self.shown.get(name, ""),
                "hint": str(HINTS.get(name, "")), "error": str(error)}  # fmt: skip

    @property
    def said(self) -> list[tuple[str, str]]:
        """Every error with the label of its field."""
        return [(str(self.fields[name].label), str(messages[0])) for name, messages in self.errors.items()]

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
        return self.offered_by(deployment_of({"engine": name})).showing(chosen or usual_weights(name))

    @staticmethod
    def offered_by(deployment: Deployment) -> Offered:
        return offered(deployment)
