"""What the database and the models hold about verdicts, states and numbers."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from community.models import Answer, Question, Verdict

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
REASON = "출처가 없고 공식 문서의 설명과도 다릅니다."


def make_question(**values):
    return Question.objects.create(
        **{"title": "시험 질문", "body": "본문", "asked_on": DAY, "changed_on": DAY, "published_at": NOW, **values}
    )


def make_answer(question, verdict=Verdict.CURATED, **values):
    defaults = {"conclusion": "결론", "body": "답", "evidence": "primary", "changed_on": DAY, "published_at": NOW}
    if verdict == Verdict.CURATED:
        defaults["checked_on"] = DAY
    return Answer.objects.create(question=question, verdict=verdict, **{**defaults, **values})


def state_of(question, today=DAY):
    return Question.objects.published().with_state(today).get(pk=question.pk).state


def test_numbers_are_never_used_again():
    first, second = make_question(), make_question()
    assert second.number == first.number + 1
    assert first.number > 133


def test_the_database_holds_one_curated_answer():
    question = make_question()
    make_answer(question)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_answer(question)


@pytest.mark.parametrize("verdict", [Verdict.WRONG, Verdict.OUTDATED])
@pytest.mark.parametrize("reason", ["", "짧은 이유", " " * 30])
def test_wrong_needs_a_reason(verdict, reason):
    answer = Answer(
        question=make_question(),
        verdict=verdict,
        reason=reason,
        conclusion="결론",
        body="답",
        evidence="primary",
        changed_on=DAY,
        number=1,
    )
    with pytest.raises(ValidationError) as caught:
        answer.full_clean()
    assert "reason" in caught.value.message_dict
    if len(reason.strip()) == len(reason):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_answer(answer.question, verdict, reason=reason)


def test_state_without_an_answer_is_waiting():
    assert state_of(make_question()) == "waiting"


def test_state_with_only_a_wrong_answer_is_waiting():
    question = make_question()
    make_answer(question, Verdict.WRONG, reason=REASON)
    assert state_of(question) == "waiting"


def test_state_under_review_then_verified_then_corrected():
    question = make_question()
    make_answer(question, Verdict.UNDER_REVIEW)
    assert state_of(question) == "under_review"
    make_answer(question)
    assert state_of(question) == "verified"
    make_answer(question, Verdict.WRONG, reason=REASON)
    assert state_of(question) == "corrected"


@pytest.mark.parametrize("hidden", [{"published_at": None}, {"withdrawn_at": NOW, "withdrawn_reason": "시험"}])
def test_hidden_answers_do_not_count(hidden):
    question = make_question()
    make_answer(question, **hidden)
    assert state_of(question) == "waiting"


def test_a_passed_review_date_puts_the_question_under_review():
    question = make_question()
    make_answer(question, review_by=DAY + dt.timedelta(days=1))
    assert state_of(question, DAY) == "verified"
    assert state_of(question, DAY + dt.timedelta(days=1)) == "under_review"


def test_an_edit_of_the_text_asks_for_a_new_check():
    answer = make_answer(make_question())
    answer.body = "다른 답"
    answer.save()
    assert answer.check_again and answer.is_due(DAY)
    assert state_of(answer.question) == "under_review"
    answer.checked_on = DAY + dt.timedelta(days=1)
    answer.save()
    assert not answer.check_again
    assert state_of(answer.question) == "verified"


def test_a_wording_only_edit_keeps_the_verdict():
    answer = make_answer(make_question())
    answer.body, answer.wording_only = "답.", True
    answer.save()
    assert not answer.check_again


def test_an_edit_of_something_else_keeps_the_verdict():
    answer = make_answer(make_question())
    answer.review_by = DAY + dt.timedelta(days=90)
    answer.save()
    assert not answer.check_again


def test_the_replacement_must_answer_the_same_question():
    other = make_answer(make_question())
    answer = make_answer(make_question(), Verdict.SUPERSEDED)
    answer.replaced_by = other
    with pytest.raises(ValidationError):
        answer.full_clean()


def test_withdrawn_question_is_gone_with_reason_and_replacement(client):
    question = make_question(
        withdrawn_at=NOW, withdrawn_reason="같은 내용을 더 정확히 다룬 글이 있어요.",
        replacement=Question.objects.get(number=101),
    )  # fmt: skip
    for address in (f"/q/{question.number}/", f"/q/{question.number}/sheet/"):
        response = client.get(address)
        assert response.status_code == 410
        source = response.content.decode()
        assert "같은 내용을 더 정확히" in source and "/q/101/" in source
        assert question.title not in source


def test_merged_question_redirects(client):
    question = make_question(merged_into=Question.objects.get(number=101))
    assert client.get(f"/q/{question.number}/")["Location"] == "/q/101/"
    assert str(question.number) not in client.get("/community.html?q=시험").content.decode()


def test_text_filter_does_not_find_wrong_answers(client):
    question = make_question()
    make_answer(question, Verdict.WRONG, reason=REASON, body="유일무이한낱말")
    assert f'id="q-{question.number}"' not in client.get("/community.html?q=유일무이한낱말").content.decode()


@pytest.mark.parametrize("field", ["title", "body"])
def test_script_in_a_field_is_inert(client, field):
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>[x](javascript:alert(3))"
    question = make_question(**{field: attack})
    make_answer(question, conclusion=attack, body=attack)
    for address in (f"/q/{question.number}/", f"/q/{question.number}/sheet/", "/community.html?sort=asked&page=5"):
        source = client.get(address).content.decode()
        assert "<script>alert" not in source and "<img src=x" not in source and 'href="javascript' not in source
