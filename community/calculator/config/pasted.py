"""A pasted config.json in the catalogue's place. It is not stored, so nothing here has an address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.sizing import Deployment, InputError, catalog
from community.sizing.architecture.families import COMPOSITE, FAMILIES
from community.sizing.architecture.fields import LARGEST_CONFIG, parse_config

from ..form import CalculatorForm
from ..query import deployment_of
from ..result import Result
from ..words import VERDICTS, suggestion_words
from .words import config_words

PASTED = "config.json"  # what stands for the model's id


class PastedResult(Result):
    @property
    def query(self) -> str:
        return ""

    @property
    def model_name(self) -> str:
        return _("붙여 넣은 config.json(%s)") % self.deployment.architecture.model_type

    @property
    def suggestions(self) -> list[dict[str, str]]:
        """In words alone: there is no address to follow."""
        return [
            {"words": suggestion_words(suggestion), "verdict": str(VERDICTS[suggestion.verdict][0])}
            for suggestion in self.estimate.suggestions
        ]


class PastedForm(CalculatorForm):
    model = None  # type: ignore[assignment]  # as Django takes a parent's field away
    config = forms.CharField(
        strip=False,
        label=gettext_lazy("config.json의 내용"),
        error_messages={
            "required": gettext_lazy("config.json의 내용을 붙여 넣어 주세요."),
            "null_characters_not_allowed": gettext_lazy("JSON에 쓸 수 없는 글자가 있어요."),
        },
    )

    most = LARGEST_CONFIG // 2**20  # MiB
    subject = "config"
    result_class = PastedResult
    cleaned_data: dict[str, Any] = {}  # of a form that was not sent yet
    pasted: catalog.Model | None = None

    def clean_config(self) -> str:
        text = self.cleaned_data["config"].replace("\r\n", "\n")  # browsers send every line end so
        try:
            self.pasted = model_of(text)
        except InputError as error:
            raise forms.ValidationError(config_words(error)) from None
        return text

    @property
    def config_field(self) -> dict[str, str]:
        return self.part("config") | {"value": self.data.get("config", "")}

    @property
    def known_types(self) -> list[str]:
        """What may stand in a config's model_type."""
        return sorted({*FAMILIES, *COMPOSITE})

    def deployment_of(self, asked: dict[str, Any]) -> Deployment:
        return deployment_of(asked, self.pasted)


def model_of(text: str) -> catalog.Model:
    """InputError names the field of the config that cannot be read."""
    config = parse_config(text.encode())
    found = catalog.Model(
        id=PASTED, name="", hub_names=(), aliases=(), config=config, formats=(), source="", checked=""
    )
    found.architecture  # noqa: B018 - read here, so that what is wrong with it is said at its field
    return found
