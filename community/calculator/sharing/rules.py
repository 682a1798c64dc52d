"""What changed in the rules of the sizing engine, newest first: a link that was saved under older ones says so."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from community.sizing.size import RULES_VERSION

CHANGES = (
    ("2026-11-20", gettext_lazy("첫 규칙이에요: 엔진 8개의 메모리 규칙, 기록 264건과 파일 179개로 검증했어요.")),
)  # fmt: skip


def changes_since(version: str) -> list[tuple[str, str]]:
    """(version, what changed), newest first."""
    return [(since, str(words)) for since, words in CHANGES if version < since <= RULES_VERSION]
