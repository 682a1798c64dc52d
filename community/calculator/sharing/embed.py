"""A result on another site: as a small card, and its bars as a file."""

from __future__ import annotations

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.charts.memory_bar import Bar
from community.charts.memory_file import Drawing, memory_file, words_file

from ..bars import bars_of, host_bar
from ..card import Card
from ..form import CalculatorForm
from ..result import Result, share_of

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
    bars = described(result)
    drawing = Drawing(
        lines=(f"{model} · {weights}", " · ".join(rest), f"{result.words} · {result.detail}"),
        needed=(_("필요"), result.needed_words) if bars else ("", ""),
        bars=[bar for bar, _words in bars],
        notes=[words for _bar, words in bars],
        foot=_("AiNex 계산 규칙 %s") % result.estimate.rules_version,
    )
    return memory_file(drawing, result.amount)


def described(result: Result) -> list[tuple[Bar, str]]:
    """Every GPU's bar and, where something stands there, that of system memory; each with the words below it."""
    memory, amount = result.memory, result.amount
    if memory is None:
        return []
    found = []
    for gpu, bar in bars_of(memory):
        needed = _("필요 %(needed)s (%(share)s%%)") % {"needed": amount(gpu.needed), "share": share_of(gpu)}
        reserved = _("예약 %s") % amount(gpu.reserved) if gpu.reserved else ""
        usable = _("쓸 수 있음 %s") % amount(gpu.usable)
        found.append((bar, " · ".join(filter(None, [needed, reserved, usable]))))
    host = host_bar(memory)
    return [*found, *([(host, amount(memory.host_bytes))] if host else [])]


def refusal_of(form: CalculatorForm) -> SafeString:
    """What is wrong, as a drawing too: a page that shows it as an image shows the reason."""
    return words_file(_("막대를 그릴 주소에 고칠 값이 있어요"), [f"{label}: {message}" for label, message in form.said])
