"""Fields in which a person can write what the database keeps as lists: one item a line."""

import tomllib
from typing import Any

import tomli_w
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

RANGE = "~"
COLUMN = "|"
FACT_KEYS = ("label", "value", "note")


class PlainTextField(forms.CharField):
    """Text of several lines. Browsers send CRLF, which would make every text differ from the stored one."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class MarkdownField(PlainTextField):
    """Markdown beside a preview that the site's own renderer makes."""

    class Preview(forms.Textarea):
        class Media:
            js = ["js/preview.js"]

        def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
            textarea = super().render(name, value, attrs, renderer)
            return render_to_string("admin/widgets/markdown.html", {"textarea": textarea, "id": (attrs or {})["id"]})

    widget = Preview


class LinesField(PlainTextField):
    """A list of texts, one a line."""

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(self.line(item) for item in value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        lines = (line.strip() for line in super().to_python(value).split("\n"))
        return [self.item(line) for line in lines if line]

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool((initial or []) != self.to_python(data))
        except ValidationError:
            return True

    def line(self, item: Any) -> str:
        return str(item)

    def item(self, line: str) -> Any:
        return line


class VersionRangesField(LinesField):
    """`vllm 0.8.4 ~ 0.10.1` a line; both ends count, an end may be left out."""

    def line(self, item: Any) -> str:
        if "since" not in item and "until" not in item:
            return str(item["engine"])
        return " ".join(filter(None, [item["engine"], item.get("since"), RANGE, item.get("until")]))

    def item(self, line: str) -> dict[str, str]:
        engine, _space, versions = line.partition(" ")
        since, tilde, until = (part.strip() for part in versions.partition(RANGE))
        if versions.strip() and not tilde:
            raise ValidationError(
                _("‘%(line)s’: 엔진 이름 뒤에 처음 버전 ~ 마지막 버전을 적어 주세요."), params={"line": line}
            )
        return {"engine": engine, **({"since": since} if since else {}), **({"until": until} if until else {})}


class FactsField(LinesField):
    """`이름 | 값 | 설명` a line."""

    def line(self, item: Any) -> str:
        return f" {COLUMN} ".join(item[key] for key in FACT_KEYS)

    def item(self, line: str) -> dict[str, str]:
        parts = [part.strip() for part in line.split(COLUMN, 2)]
        if len(parts) != 3 or not all(parts[:2]):
            raise ValidationError(_("‘%(line)s’: 이름 | 값 | 설명처럼 세 칸을 적어 주세요."), params={"line": line})
        return dict(zip(FACT_KEYS, parts, strict=True))


class ComputationField(PlainTextField):
    """Names and values as content files write them: `model = "qwen3-8b"`."""

    def prepare_value(self, value: Any) -> Any:
        return tomli_w.dumps(value) if isinstance(value, dict) else value

    def to_python(self, value: Any) -> Any:
        try:
            return tomllib.loads(super().to_python(value))
        except tomllib.TOMLDecodeError as error:
            raise ValidationError(
                _('한 줄에 하나씩 이름 = "값"으로 적어 주세요. %(error)s'), params={"error": error}
            ) from error

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool((initial or {}) != self.to_python(data))
        except ValidationError:
            return True


LINE_FIELDS = {
    "model_ids": (LinesField, gettext_lazy("한 줄에 하나씩, 목록에 있는 모델 이름으로. 예: qwen3-8b")),
    "caveats": (LinesField, gettext_lazy("한 줄에 한 문장씩, 500자까지. 본문보다 먼저 보여 드려요.")),
    "facts": (FactsField, gettext_lazy("비우거나 세 줄. 한 줄에 이름 | 값 | 설명.")),
    "applies_to": (VersionRangesField, gettext_lazy("한 줄에 엔진 하나. 예: vllm 0.8.4 ~ 0.10.1, vllm ~ 0.10.1, vllm")),
    "compute": (
        ComputationField,
        gettext_lazy(
            '계산 엔진으로 다시 셈할 값. 한 줄에 하나씩, 예: model = "qwen3-8b". quantity와 stated는 꼭 적어요.'
        ),
    ),
}
