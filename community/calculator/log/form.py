"""The log and, where it does not name them, the cards. Nothing is stored."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.sizing import InputError, catalog
from community.sizing.hardware import Device
from community.sizing.logs import Reading, read_log
from community.sizing.logs.text import LARGEST, plain

from ..fields import part
from ..query import devices_of
from ..words import error_words


class LogForm(forms.Form):
    log = forms.CharField(
        strip=False,
        label=gettext_lazy("시작 로그"),
        error_messages={
            "required": gettext_lazy("엔진이 시작하면서 찍은 로그를 붙여 넣어 주세요."),
            "null_characters_not_allowed": gettext_lazy("로그로 읽을 수 없는 글이에요."),
        },
    )
    model = forms.CharField(required=False, max_length=200, label=gettext_lazy("모델"))
    gpu = forms.CharField(required=False, max_length=400, label=gettext_lazy("GPU"))

    most = LARGEST // 1024  # KiB
    text = ""
    reading: Reading | None = None
    devices: tuple[Device, ...] = ()
    chosen: catalog.Model | None = None

    def clean_log(self) -> str:
        pasted = self.cleaned_data["log"].replace("\r\n", "\n")  # browsers send every line end so
        try:
            self.text, self.reading = plain(pasted), read_log(pasted)
        except InputError:
            raise forms.ValidationError(too_long(pasted) or _("로그로 읽을 수 없는 글이에요.")) from None
        return pasted

    def clean_model(self) -> str:
        given: str = self.cleaned_data["model"].strip()
        try:
            self.chosen = catalog.model(given) if given else None
        except InputError as error:
            raise forms.ValidationError(error_words(error, "model")) from None
        return given

    def clean_gpu(self) -> str:
        given: str = self.cleaned_data["gpu"].strip()
        try:
            self.devices = devices_of(given) if given else ()
        except InputError as error:
            raise forms.ValidationError(error_words(error, "gpu")) from None
        return given

    @property
    def log_field(self) -> dict[str, str]:
        return part(self, "log", self.data.get("log", ""))

    @property
    def model_field(self) -> dict[str, str]:
        return part(self, "model", self.data.get("model", ""), _("로그에 이름이 없거나 목록에 없는 모델일 때만"))

    @property
    def gpu_field(self) -> dict[str, str]:
        return part(self, "gpu", self.data.get("gpu", ""), _("로그에 이름이 없을 때만. 여러 장이면 rtx-4090:2처럼"))


def too_long(text: str) -> str:
    size = len(text.encode())
    if size <= LARGEST:
        return ""
    return _("%(most)s KiB까지 읽어요. 붙여 넣은 로그는 %(size)s KiB예요. 시작한 곳부터 잘라서 넣어 주세요.") % {
        "most": LogForm.most,
        "size": f"{size / 1024:,.0f}",
    }
