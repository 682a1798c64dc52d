"""The public history: who, when, why and what, without log-in names and without drafts."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st

from community.content.revisions import question_revisions, word_diff
from community.models import Answer, Question

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)

words = st.lists(st.sampled_from(["메모리", "24", "GiB", "vLLM", "는", "맞다", "틀리다"]), max_size=12).map(" ".join)


@given(words, words)
def test_a_diff_holds_both_texts(old, new):
    pieces = word_diff(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "ins") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "del") == new


def test_long_unchanged_stretches_are_cut():
    text = "낱말 " * 200
    pieces = word_diff(f"{text}앞", f"{text}뒤")
    assert [piece.kind for piece in pieces][:3] == ["same", "skip", "same"]
    assert sum(len(piece.text) for piece in pieces) < len(text) / 2


def test_an_edit_is_shown_with_display_name_and_reason(client):
    editor = User.objects.create(username="login-name", first_name="김편집")
    answer = Answer.objects.get(question__number=109, verdict="curated")
    answer.conclusion, answer._change_reason, answer._history_user = (
        "고친 결론입니다.",
        "숫자를 다시 확인했습니다.",
        editor,
    )
    answer.save()
    latest = question_revisions(Question.objects.get(number=109))[0]
    assert (latest.who, latest.why) == ("김편집", "숫자를 다시 확인했습니다.")
    source = client.get("/q/109/history/").content.decode()
    assert "김편집" in source and "login-name" not in source and "고친" in source


def test_drafts_of_published_texts_stay_private(client):
    question = Question.objects.create(title="초안 제목", body="초안 본문", asked_on=DAY, changed_on=DAY)
    question.title, question.published_at = "공개한 제목", NOW
    question.save()
    source = client.get(f"/q/{question.number}/history/").content.decode()
    assert "공개한 제목" in source and "초안 제목" not in source
