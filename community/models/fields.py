"""What a single field may hold. Every message names what is allowed."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from community.calculator.texts.asked import AskedError
from community.calculator.texts.claims import agreement
from community.content.pipeline import convert

slug_validator = RegexValidator(
    r"^[a-z0-9]+(?:[-.][a-z0-9]+)*$",
    _("영어 소문자, 숫자, 붙임표(-), 점(.)만 쓸 수 있어요. 예: qwen3-8b"),
    code="slug",  # JSONField has a message of its own for the usual code, "invalid"
)

TITLE_LENGTH = 200
CONCLUSION_LENGTH = 300
QUESTION_LENGTH = 10_000
ANSWER_LENGTH = 40_000
NOTE_LENGTH = 60_000
STATEMENT_LENGTH = 500
EVIDENCE_LENGTH = 2_000
WITHDRAWN_REASON_LENGTH = 500
REASON_MINIMUM = 20

# The Markdown library needs quadratic time for unmatched marks (5,000 "[" took 2.2 s) and recursion for nested blocks.
MARKS = "[_*`"
MARK_LIMIT = 2_000
NESTED = re.compile(r"^(?:[ \t]*(?:[-+*>]|\d{1,9}[.)])[ \t]*){11}", re.M)
VERSION = re.compile(r"^[0-9][0-9A-Za-z.+-]{0,30}$")


def validate_markdown(value: str) -> None:
    """A text that the renderer handles in bounded time, and that a content file can hold."""
    for mark in MARKS:
        if value.count(mark) > MARK_LIMIT:
            raise ValidationError(_("%(mark)s 글자는 2,000개까지 쓸 수 있어요."), params={"mark": mark})
    if NESTED.search(value):
        raise ValidationError(_("목록과 인용은 열 겹까지 쓸 수 있어요."))
    if "+++" in value.split("\n"):
        raise ValidationError(_("+++만 있는 줄은 쓸 수 없어요. 콘텐츠 파일의 구분선이에요."))
    if "sizing" in value and (errors := convert(value).errors):
        raise ValidationError(errors)


def validate_catalogue_ids(value: Any) -> None:
    """A list of catalogue ids such as `qwen3-8b`."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValidationError(_('모델 이름의 목록이어야 해요. 예: ["qwen3-8b"]'))
    for item in value:
        slug_validator(item)


def validate_sentences(value: Any) -> None:
    """A list of non-empty sentences of at most 500 characters."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise ValidationError(_("문장의 목록이어야 해요."))
    if any(len(item) > 500 for item in value):
        raise ValidationError(_("한 문장은 500자까지예요."))


def validate_facts(value: Any) -> None:
    """None or three facts, each with label, value and note."""
    if not isinstance(value, list) or len(value) not in (0, 3):
        raise ValidationError(_("사실은 없거나 셋이어야 해요."))
    for fact in value:
        if not isinstance(fact, dict) or set(fact) != {"label", "value", "note"}:
            raise ValidationError(_("사실마다 label, value, note가 있어야 해요."))


def validate_version_ranges(value: Any) -> None:
    """A list of {engine, since?, until?}; both ends are inclusive, an absent end is open."""
    if not isinstance(value, list):
        raise ValidationError(_("엔진과 버전 범위의 목록이어야 해요."))
    for row in value:
        if not isinstance(row, dict) or "engine" not in row or set(row) - {"engine", "since", "until"}:
            raise ValidationError(_("범위마다 engine이 있어야 하고, 그 밖에는 since와 until만 쓸 수 있어요."))
        slug_validator(row["engine"])
        for end in ("since", "until"):
            if end in row and not VERSION.match(str(row[end])):
                raise ValidationError(_("버전은 0.10.2처럼 숫자로 시작해야 해요."))


def validate_computation(value: Any) -> None:
    """Empty, or a figure that is stated and what the sizing engine needs to compute it."""
    if not isinstance(value, dict) or not all(isinstance(item, str | int | float) for item in value.values()):
        raise ValidationError(_("계산할 값은 이름과 값의 짝이어야 해요."))
    try:
        if value:
            agreement(value)
    except AskedError as error:
        raise ValidationError(str(error)) from error
