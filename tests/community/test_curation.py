"""Judging, publishing, withdrawing, merging, purging: what each does, and what it refuses."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import QuerySet
from django.test import Client

from community.content.files.dump import dump
from community.models import Answer, Citation, Claim, Note, Question, State, Verdict, curation
from community.views.today import today

from .curators import curated_answer, make_curator

pytestmark = pytest.mark.django_db
REASON = "숫자가 실제 측정값과 달라서 더 쓸 수 없는 답입니다."


def question(number: int = 101) -> Question:
    return Question.objects.get(number=number)


@pytest.mark.parametrize("verdict", [Verdict.WRONG, Verdict.OUTDATED])
def test_a_judged_answer_is_no_longer_curated_and_keeps_its_text(verdict):
    before = curated_answer()
    curation.mark(before, verdict, f"  {REASON}\n", today())
    after = Answer.objects.get(pk=before.pk)
    assert (after.verdict, after.reason, after.body) == (verdict, REASON, before.body)
    assert (after.checked_on, after.changed_on, after.review_by) == (today(), today(), None)
    assert Question.objects.with_state(today()).get(number=101).state == State.WAITING


@pytest.mark.parametrize("reason", ["", "   ", "너무 짧은 이유", "  열아홉 글자에서 하나 모자란 이유  "])
def test_a_verdict_without_a_full_reason_is_refused(reason):
    answer = curated_answer()
    with pytest.raises(ValidationError):
        curation.mark(answer, Verdict.WRONG, reason, today())
    answer.refresh_from_db()
    assert answer.verdict == Verdict.CURATED


def test_a_withdrawn_page_answers_410_with_its_reason_until_it_is_published_again():
    client = Client()
    curation.withdraw(question(), "원저자의 부탁으로 거두었습니다.", question(102))
    gone = client.get("/q/101/")
    page = gone.content.decode()
    assert gone.status_code == 410
    assert "원저자의 부탁으로 거두었습니다." in page
    assert 'href="/q/102/"' in page
    assert 'href="/q/101/"' not in client.get("/community.html").content.decode()
    curation.publish(question())
    assert client.get("/q/101/").status_code == 200
    assert (question().withdrawn_reason, question().replacement) == ("", None)


def test_an_unpublished_page_is_a_draft():
    note = Note.objects.published().first()
    curation.unpublish(note)
    assert Client().get(note.get_absolute_url()).status_code == 404
    curation.publish(note)
    assert Client().get(note.get_absolute_url()).status_code == 200


def test_a_withdrawn_answer_leaves_its_question():
    answer = curated_answer()
    curation.withdraw(answer, "잘못 올린 답입니다.")
    assert answer.conclusion not in Client().get("/q/101/").content.decode()


@pytest.mark.parametrize("reason", ["", "  ", "가" * 501])
def test_withdrawing_takes_a_reason(reason):
    with pytest.raises(ValidationError):
        curation.withdraw(question(), reason)
    with pytest.raises(ValidationError):
        curation.purge(question(), reason)
    assert question().is_public


def test_a_page_is_no_replacement_for_itself():
    with pytest.raises(ValidationError):
        curation.withdraw(question(), "이유", question())


def test_merged_questions_lead_to_their_target_in_one_step():
    client = Client()
    curation.merge(question(103), question(102), "같은 질문")
    curation.merge(question(102), question(101), "같은 질문")
    for number in (102, 103):
        answer = client.get(f"/q/{number}/")
        assert (answer.status_code, answer["Location"]) == (301, "/q/101/")
    curation.separate(question(102), "다른 질문이었습니다.")
    assert client.get("/q/102/").status_code == 200


def test_a_merge_needs_a_public_target_that_is_not_merged_itself():
    curation.merge(question(102), question(101), "같은 질문")
    curation.withdraw(question(104), "이유")
    for into in (question(103), question(102), question(104)):
        with pytest.raises(ValidationError):
            curation.merge(question(103), into, "같은 질문")
    assert question(103).merged_into is None


def claims_of(page: Question | Note) -> QuerySet[Claim]:
    return Claim.objects.filter(question=page) if isinstance(page, Question) else Claim.objects.filter(note=page)


def stored_texts(subject: Question | Note) -> list[str]:
    """Everything the database holds about a page, its answers and statements, and the records of them."""
    claims = claims_of(subject)
    rows = [subject, *claims, *subject.history.all(), *Claim.history.filter(id__in=claims)]
    if isinstance(subject, Question):
        rows += [*subject.answers.all(), *Answer.history.filter(question=subject)]
    log = LogEntry.objects.values_list("object_repr", "change_message")
    return [str([getattr(row, field.attname) for field in row._meta.fields]) for row in rows] + [str(list(log))]


@pytest.mark.parametrize("find", [question, lambda: Note.objects.published().first()])
def test_a_purged_page_leaves_no_text_anywhere_but_keeps_its_address(find):
    page = find()
    user = make_curator()
    kind = ContentType.objects.get_for_model(page)
    LogEntry.objects.create(
        user=user, content_type=kind, object_id=page.pk, object_repr=page.title, action_flag=CHANGE, change_message="x"
    )
    page.save()
    words = [page.title, page.body[:40]]
    words += [answer.conclusion for answer in Answer.objects.filter(question__pk=page.pk)]
    words += [claim.statement for claim in claims_of(page)]
    assert all(any(word in text.replace("\\n", "\n") for text in stored_texts(page)) for word in words[:1])
    curation.purge(page, "법원의 결정으로 지웠습니다.")
    page.refresh_from_db()
    stored = "".join(stored_texts(page)).replace("\\n", "\n")
    assert [word for word in words if word in stored] == []
    assert page.history.count() == 1
    gone = Client().get(page.get_absolute_url())
    assert (gone.status_code, "법원의 결정으로 지웠습니다." in gone.content.decode()) == (410, True)


def test_purging_frees_what_pointed_at_the_question():
    curation.withdraw(question(102), "이유", question(101))
    curation.purge(question(101), "법으로 지워야 했습니다.")
    assert question(102).replacement is None
    assert Client().get("/q/102/").status_code == 410
    assert not Citation.objects.filter(answer__question=question(101)).exists()
    assert [Client().get(path).status_code for path in ("/q/101/sheet/", "/q/101/history/")] == [410, 404]


def test_a_purged_question_is_neither_loaded_nor_dumped_again(tmp_path):
    curation.purge(question(101), "법으로 지워야 했습니다.")
    call_command("load_content", verbosity=0)
    assert question(101).body == ""
    dump(tmp_path)
    assert not (tmp_path / "questions/101.md").exists()
    assert not (tmp_path / "claims/101.toml").exists()
    assert (tmp_path / "questions/102.md").exists()


@pytest.mark.parametrize("step", [
    lambda row: curation.publish(row),
    lambda row: curation.unpublish(row),
    lambda row: curation.withdraw(row, "이유"),
    lambda row: curation.purge(row, "이유"),
    lambda row: curation.merge(row, Question.objects.get(number=102), "이유"),
    lambda row: curation.merge(Question.objects.get(number=102), row, "이유"),
    lambda row: curation.publish(row.answers.first()),
    lambda row: curation.mark(row.answers.first(), Verdict.WRONG, REASON, today()),
])  # fmt: skip
def test_what_was_purged_takes_no_further_step(step):
    curation.purge(question(101), "법으로 지워야 했습니다.")
    with pytest.raises(ValidationError):
        step(question(101))
    assert question(101).purged_at
