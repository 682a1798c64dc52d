"""Why a pasted config.json cannot be read, in Korean: the place in the text, or the field and what it may be."""

from __future__ import annotations

import json
import re
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.sizing import InputError

MOST_DIGITS = 13
# The engine's wordings -> what is said; groups keep the text's own names and numbers.
WRONG: tuple[tuple[str, Any], ...] = (
    (
        r"is missing, and (\d+) attention heads .* (\d+)",
        gettext_lazy("{field} 필드가 없고, hidden_size {1}도 어텐션 헤드 {0}개로 안 나뉘어요."),
    ),
    (r"is missing", gettext_lazy("{field} 필드가 없어요.")),
    (r"(.+) is not usable", gettext_lazy("{field} 필드에 쓸 수 없는 값이 있어요({0}).")),
    (r"(.+) is not known", gettext_lazy("{field} 필드에 모르는 값이 있어요({0}).")),
    (r"has (\d+) entries", gettext_lazy("{field} 필드의 항목이 {0}개예요.")),
    (r"(\d+) of (\d+) experts", gettext_lazy("{field} 필드가 전문가 {1}개 중 {0}개를 고르라고 해요.")),
    (
        r"(\d+) does not divide (\d+) attention heads",
        gettext_lazy("{field} 필드의 {0}(으)로 어텐션 헤드 {1}개가 나뉘지 않아요."),
    ),
    (r"does not fit the layers", gettext_lazy("{field} 필드가 층 수와 맞지 않거나 모르는 이름이 있어요.")),
    (r"is not read", gettext_lazy("{field} 필드는 읽지 못해요.")),
    (r"is not an object", gettext_lazy("중괄호로 둘러싼 JSON 객체가 아니에요.")),
    (r"is nested too deep", gettext_lazy("괄호가 너무 깊이 겹쳐 있어요.")),
    (r"has (\d+) bytes", gettext_lazy("붙여 넣은 글은 {0}바이트예요.")),
    (r"is not usable", gettext_lazy("{field} 필드에 쓸 수 없는 값이 있어요.")),
)
ALLOWED: tuple[tuple[str, Any], ...] = (
    (r"at most (\d+) bytes", gettext_lazy("{0}바이트까지 읽어요.")),
    (r"a whole number from (\d+) to (\d+)", gettext_lazy("{0}–{1} 사이의 정수여야 해요.")),
    (r"a whole number", gettext_lazy("정수여야 해요.")),
    (r"two whole numbers", gettext_lazy("정수 두 개여야 해요.")),
    (r"true or false", gettext_lazy("true나 false여야 해요.")),
    (r"a text", gettext_lazy("따옴표로 둘러싼 글이어야 해요.")),
    (r"an object", gettext_lazy("중괄호로 둘러싼 객체여야 해요.")),
    (r"a list of at most ([\d,]+) whole numbers", gettext_lazy("정수 목록이어야 하고 {0}개까지예요.")),
    (r"a list of at most ([\d,]+) texts", gettext_lazy("글 목록이어야 하고 {0}개까지예요.")),
    (r"one for each of (?:the )?(\d+) layers", gettext_lazy("층마다 하나씩 {0}개여야 해요.")),
    (r"(\d+), as listed", gettext_lazy("층 목록에는 {0}개가 있어요.")),
    (r"a divisor of (\w+)", gettext_lazy("{0}의 약수여야 해요.")),
    (r"(\d+) to (\d+)", gettext_lazy("{0}–{1}이어야 해요.")),
    (r"(\d+) of (.+)", gettext_lazy("{0}개를 다음 이름으로 적어요: {1}.")),
    (r"the content of a config\.json", gettext_lazy("config.json의 내용을 그대로 붙여 넣어 주세요.")),
    (r"(.+)", gettext_lazy("아는 것: {0}.")),
)


def config_words(error: InputError) -> str:
    if error.message.startswith("is not JSON"):
        return json_words(error.__context__)
    if error.field == "model_type" and error.message.endswith("is not known"):
        return type_words(error)
    said = [worded(WRONG, error.message, error.field), worded(ALLOWED, error.allowed, error.field)]
    return " ".join(filter(None, said))


def worded(table: tuple[tuple[str, Any], ...], text: str, field: str) -> str:
    for pattern, words in table:
        if match := re.fullmatch(pattern, text, re.DOTALL):
            return str(words).format(*map(grouped, match.groups()), field=field)
    return _("{field} 필드를 읽을 수 없어요.").format(field=field) if text else ""


def grouped(text: str) -> str:
    return f"{int(text):,}" if text.isdecimal() and len(text) < MOST_DIGITS else text


def type_words(error: InputError) -> str:
    """The page lists every type that is known; here those that are spelled alike."""
    name = error.message.removesuffix(" is not known")
    said = _("model_type %s은(는) 아직 몰라요.") % name
    near = get_close_matches(name.strip("'\""), error.allowed.split(", "), 4, 0.5)
    return f"{said} " + _("가까운 이름: %s") % ", ".join(near) if near else said


def json_words(error: BaseException | None) -> str:
    """The parser's own error says where; without a place it is a number that is too long."""
    if isinstance(error, json.JSONDecodeError):
        place = {"line": f"{error.lineno:,}", "column": f"{error.colno:,}"}
        return _("JSON으로 읽을 수 없어요: %(line)s번째 줄 %(column)s번째 글자부터 문법에 맞지 않아요.") % place
    return _("JSON으로 읽을 수 없어요. 자릿수가 너무 많은 수가 있어요.")
