"""A result on another site: as a small card, and its bars as a file."""

from __future__ import annotations

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.charts.memory_file import Drawing, memory_file, words_file

from ..card import Card
from ..form import CalculatorForm
from ..result import DeviceBar, Result

THEMES = ("light", "dark")


class EmbedForm(CalculatorForm):
    """The calculator's, with the theme of the page around it; without one the reader's own is used."""

    theme = forms.ChoiceField(
        required=False,
        choices=[(theme, theme) for theme in THEMES],
        label=gettext_lazy("화면"),
        error_messages={"invalid_choice": gettext_lazy("light, dark 가운데 하나로 적어 주세요.")},
    )

    @property
    def theme_name(self) -> str:
        return self.cleaned_data.get("theme", "")


def drawing_of(result: Result) -> SafeString:
    model, weights, *rest = Card(result).what
    bars = result.bars
    drawing = Drawing(
        lines=(f"{model} · {weights}", " · ".join(rest), f"{result.words} · {result.detail}"),
        needed=(_("필요"), result.needed_words) if bars else ("", ""),
        bars=[row.bar for row in bars],
        notes=[note_of(row) for row in bars],
        foot=_("AiNex 계산 규칙 %s") % result.estimate.rules_version,
    )
    return memory_file(drawing, result.amount)


def note_of(row: DeviceBar) -> str:
    """The words below a bar."""
    usable = _("쓸 수 있음 %s") % row.capacity if row.capacity else ""
    return " · ".join(filter(None, [row.used, row.reserved, usable]))


def refusal_of(form: CalculatorForm) -> SafeString:
    """What is wrong, as a drawing too: a page that shows it as an image shows the reason."""
    return words_file(_("막대를 그릴 주소에 고칠 값이 있어요"), [f"{label}: {message}" for label, message in form.said])
