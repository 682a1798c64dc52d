"""Who changed what, when and why: the history of a published text with word diffs."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from community.models import Answer, Claim, Note, Question

WORDS = re.compile(r"\s+|[^\s]+")
CONTEXT = 12  # unchanged words shown around a change


@dataclass(frozen=True)
class Piece:
    """A run of words that was kept, removed or added; `kind` is "same", "del", "ins" or "skip"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class Revision:
    subject: str
    when: dt.datetime
    who: str
    why: str
    is_first: bool
    is_corrected: bool
    changes: list[Change] = field(default_factory=list)


TEXT_FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Question: ("title", "body"),
    Answer: ("conclusion", "body", "verdict", "reason", "evidence", "checked_on", "review_by"),
    Note: ("title", "summary", "body", "caveats", "evidence", "checked_on", "review_by"),
    Claim: ("statement", "verdict", "evidence", "checked_on"),
}


def question_revisions(question: Question) -> list[Revision]:
    """Newest first: the question, its public answers and the statements checked in them."""
    of_answers = Answer.history.filter(Exists(Answer.objects.published().filter(pk=OuterRef("id"))), question=question)
    of_claims = Claim.history.filter(question=question)
    found = revisions_of(Question, Question.history.filter(id=question.pk), _("질문"))
    found += revisions_of(Answer, of_answers.annotate(corrected=is_corrected("id")), _("답변 %(number)s"))
    found += claim_revisions(of_claims.annotate(corrected=is_corrected("answer_id")))
    return sorted(found, key=lambda revision: revision.when, reverse=True)


def note_revisions(note: Note) -> list[Revision]:
    found = revisions_of(Note, Note.history.filter(id=note.pk), _("노트"))
    found += claim_revisions(Claim.history.filter(note=note))
    return sorted(found, key=lambda revision: revision.when, reverse=True)


def is_corrected(answer: str) -> Exists:
    """Whether the answer that this column names is wrong, outdated or superseded today: its text belongs in a fold."""
    return Exists(Answer.objects.corrected().filter(pk=OuterRef(answer)))


def claim_revisions(records: models.QuerySet[Any]) -> list[Revision]:
    """Statements are listed once changed: their first version is what the page shows."""
    return [row for row in revisions_of(Claim, records, _("진술 %(number)s")) if not row.is_first]


def revisions_of(model: type[models.Model], records: models.QuerySet[Any], subject: str) -> list[Revision]:
    """One query. Drafts of what is public now stay private."""
    found: list[Revision] = []
    before: dict[int, Any] = {}
    for record in records.select_related("history_user").order_by("history_date", "history_id"):
        if getattr(record, "published_at", True) is None:
            continue
        earlier, before[record.id] = before.get(record.id), record
        changes = changes_between(model, earlier, record)
        if earlier is None or changes:
            found.append(
                revision(subject % {"number": getattr(record, "number", "")}, record, earlier is None, changes)
            )
    return found


def revision(subject: str, record: Any, is_first: bool, changes: list[Change]) -> Revision:
    return Revision(
        subject=subject,
        when=record.history_date,
        who=display_name(record.history_user),
        why=record.history_change_reason or "",
        is_first=is_first,
        is_corrected=getattr(record, "corrected", False),
        changes=changes,
    )


def display_name(user: Any) -> str:
    """Never a log-in name: the name a curator chose to sign with, or the house."""
    return (user.get_full_name() if user else "") or _("AiNex 편집부")


def changes_between(model: type[models.Model], earlier: Any, later: Any) -> list[Change]:
    changes = []
    for name in TEXT_FIELDS[model] if earlier else ():
        old, new = as_text(earlier, name), as_text(later, name)
        if old != new:
            label = model._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            changes.append(Change(str(label), word_diff(old, new)))
    return changes


def as_text(record: Any, name: str) -> str:
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    return "\n".join(value) if isinstance(value, list) else "" if value is None else str(value)


def word_diff(old: str, new: str) -> list[Piece]:
    """The difference of two texts word by word; long unchanged stretches are cut to their ends."""
    before, after = WORDS.findall(old), WORDS.findall(new)
    pieces: list[Piece] = []
    # `autojunk`, the default, takes no white space for an anchor: without it, 40,000 characters took 20 s, not 1.
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            pieces += shortened(before[a:b])
            continue
        if b > a:
            pieces.append(Piece("del", "".join(before[a:b])))
        if d > c:
            pieces.append(Piece("ins", "".join(after[c:d])))
    return pieces


def shortened(words: list[str]) -> list[Piece]:
    if len(words) <= 4 * CONTEXT:
        return [Piece("same", "".join(words))]
    ends = 2 * CONTEXT  # every other item is white space
    return [Piece("same", "".join(words[:ends])), Piece("skip", "…"), Piece("same", "".join(words[-ends:]))]
