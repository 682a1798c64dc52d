"""What the curators' forms accept, refuse and write down."""

import datetime as dt

import pytest
from django.urls import reverse

from community.models import Answer, Citation, Claim, Note, Question, Source
from community.views.today import today

from .curators import (
    as_sent,
    change_address,
    chief_editor,
    curated_answer,
    desk_of,
    editor,
    errors_of,
    make_curator,
    save,
)

pytestmark = pytest.mark.django_db
LONG_AGO = dt.date(2020, 1, 1)


def test_a_new_text_is_dated_explained_signed_and_asks_for_a_new_check():
    answer = curated_answer()
    Answer.objects.filter(pk=answer.pk).update(changed_on=LONG_AGO)
    assert save(editor(), answer, body="새로 쓴 답입니다.").status_code == 302
    answer.refresh_from_db()
    record = answer.history.latest()
    assert (answer.body, answer.changed_on, answer.check_again) == ("새로 쓴 답입니다.", today(), True)
    assert (record.history_change_reason, record.history_user.get_full_name()) == ("시험으로 고쳤습니다.", "김편집")


@pytest.mark.parametrize("row", [
    lambda: curated_answer(101), lambda: Question.objects.get(number=101), lambda: Note.objects.first(),
    lambda: Note.objects.exclude(facts=[]).first(), lambda: Answer.objects.exclude(applies_to=[]).first(),
    lambda: Claim.objects.exclude(compute={}).first(), lambda: Claim.objects.first(),
])  # fmt: skip
def test_a_form_sent_back_untouched_changes_no_word(row):
    before = row()
    assert save(editor(), before).status_code == 302
    after = type(before).objects.get(pk=before.pk)
    kept = [field.attname for field in before._meta.concrete_fields if field.name != "revision"]
    assert {name: getattr(after, name) for name in kept} == {name: getattr(before, name) for name in kept}
    assert after.revision == before.revision + 1


def test_a_reason_is_asked_for():
    answer = curated_answer()
    assert "change_reason" in errors_of(save(editor(), answer, change_reason=" "))


def test_only_a_chief_editor_changes_the_wording_alone():
    answer = curated_answer()
    save(editor(), answer, body="표현을 다듬은 답입니다.", wording_only="on")
    answer.refresh_from_db()
    assert answer.check_again
    Answer.objects.filter(pk=answer.pk).update(check_again=False)
    save(chief_editor(), answer, body="표현을 한 번 더 다듬은 답입니다.", wording_only="on")
    answer.refresh_from_db()
    assert not answer.check_again


def test_a_curated_answer_has_a_date_and_a_source():
    client, answer = editor(), curated_answer()
    assert "checked_on" in errors_of(save(client, answer, checked_on=""))
    assert "conclusion" in errors_of(save(client, answer, conclusion=" "))
    Citation.objects.filter(answer=answer).delete()
    refused = save(client, answer)
    assert "근거가 하나 이상" in refused.content.decode()
    assert answer.history.latest().history_change_reason != "시험으로 고쳤습니다."


def test_the_last_source_of_a_curated_answer_cannot_be_taken_out():
    answer = curated_answer()
    Citation.objects.exclude(pk=answer.citations.first().pk).filter(answer=answer).delete()
    refused = save(editor(), answer, **{"citations-0-DELETE": "on"})
    assert "근거가 하나 이상" in refused.content.decode()
    assert answer.citations.count() == 1


def test_one_source_is_accepted_with_a_warning():
    client, answer = editor(), curated_answer()
    Citation.objects.exclude(pk=answer.citations.first().pk).filter(answer=answer).delete()
    assert save(client, answer).status_code == 302
    assert "근거가 하나뿐이에요" in client.get("/admin/").content.decode()


def test_a_second_curated_answer_is_refused_at_the_form():
    first = curated_answer()
    second = Answer.objects.create(
        question=first.question, conclusion="결론", body="답", evidence="primary", changed_on=today()
    )
    Citation.objects.create(answer=second, source=Source.objects.first())
    refused = save(editor(), second, verdict="curated", checked_on="2026-11-20")
    assert "검증된 답이 이미 있어요" in str(errors_of(refused))


@pytest.mark.parametrize("verdict", ["wrong", "outdated"])
def test_a_corrected_answer_needs_its_reason(verdict):
    assert "reason" in errors_of(save(editor(), curated_answer(), verdict=verdict, reason="열아홉 글자가 안 되는 이유"))


@pytest.mark.parametrize(("name", "limit"), [("title", 200), ("body", 10_000)])
def test_a_text_over_its_limit_is_kept_with_an_error_at_its_field(name, limit):
    text = "가" * (limit + 1)
    refused = save(editor(), Question.objects.get(number=101), **{name: text})
    assert name in errors_of(refused)
    assert text in refused.content.decode()
    assert "maxlength" not in str(refused.context["adminform"].form[name])


def test_lists_are_written_one_item_a_line():
    note = Note.objects.first()
    facts = "크기 | 8B | 밀집\n문맥 | 32K | 늘리면 128K\n형식 | BF16 | 원본 | 배포본"
    save(editor(), note, caveats="첫 문장입니다.\n\n둘째 문장입니다.", model_ids="qwen3-8b\nqwen3-14b", facts=facts)
    note.refresh_from_db()
    assert note.caveats == ["첫 문장입니다.", "둘째 문장입니다."]
    assert note.model_ids == ["qwen3-8b", "qwen3-14b"]
    assert note.facts[2] == {"label": "형식", "value": "BF16", "note": "원본 | 배포본"}


def test_version_ranges_are_written_as_they_are_spoken():
    answer = curated_answer()
    save(editor(), answer, applies_to="vllm 0.8.4 ~ 0.10.1\nsglang ~ 0.4\nollama 0.6 ~\nmlx")
    answer.refresh_from_db()
    assert answer.applies_to == [
        {"engine": "vllm", "since": "0.8.4", "until": "0.10.1"},
        {"engine": "sglang", "until": "0.4"},
        {"engine": "ollama", "since": "0.6"},
        {"engine": "mlx"},
    ]


@pytest.mark.parametrize(("make", "name", "text", "message"), [
    (curated_answer, "applies_to", "vllm 0.8.4", "처음 버전 ~ 마지막 버전"),
    (curated_answer, "applies_to", "vLLM 0.8.4 ~", "영어 소문자"),
    (curated_answer, "applies_to", "vllm 새것 ~", "숫자로 시작"),
    (lambda: Note.objects.first(), "facts", "크기 8B", "세 칸"),
    (lambda: Note.objects.first(), "facts", "크기 | 8B | 밀집", "없거나 셋"),
    (lambda: Note.objects.first(), "model_ids", "Qwen 3", "영어 소문자"),
    (lambda: Note.objects.first(), "caveats", "가" * 501, "500자"),
    (lambda: Claim.objects.first(), "compute", "model: qwen3-8b", "이름 ="),
    (lambda: Claim.objects.first(), "compute", "[model]\na = 1", "이름과 값의 짝"),
])  # fmt: skip
def test_a_list_that_cannot_be_read_says_what_is_allowed(make, name, text, message):
    refused = save(editor(), make(), **{name: text})
    assert message in str(errors_of(refused)[name])
    assert text.split("\n")[0] in refused.content.decode()


def test_a_statement_belongs_to_a_question_or_to_a_note():
    claim = Claim.objects.filter(note__isnull=False).first()
    refused = save(editor(), claim, question=Question.objects.get(number=101).pk)
    assert "하나만" in str(errors_of(refused)["__all__"])


def test_a_new_question_gets_its_number_and_a_new_answer_its_place():
    client = editor()
    add = reverse("admin:community_question_add")
    client.post(add, as_sent(client.get(add), title="새 질문", body="본문입니다."))
    question = Question.objects.get(title="새 질문")
    assert question.number == max(Question.objects.values_list("number", flat=True))
    assert not question.is_public
    add = reverse("admin:community_answer_add") + f"?question={question.pk}"
    form = client.get(add)
    assert f"?question={question.pk}" in client.get(change_address(question)).content.decode()
    client.post(add, as_sent(form, conclusion="결론입니다.", body="답입니다.", evidence="primary"))
    assert [(answer.number, answer.verdict) for answer in question.answers.all()] == [(1, "under_review")]


def two_editors_at(row):
    """Both have the row's form open; the first one saves."""
    first, second = desk_of(make_curator("one")), desk_of(make_curator("two"))
    address = change_address(row)
    forms = first.get(address), second.get(address)
    saved = first.post(address, as_sent(forms[0], body="첫째가 고친 글입니다.", change_reason="첫째"))
    assert saved.status_code == 302
    return second, address, forms[1]


@pytest.mark.parametrize(
    "find", [curated_answer, lambda: Question.objects.get(number=102), lambda: Note.objects.first()]
)
def test_a_save_over_another_ones_is_refused_once_with_both_texts(find):
    row = find()
    second, address, form = two_editors_at(row)
    refused = second.post(address, as_sent(form, body="둘째가 고친 글입니다.", change_reason="둘째"))
    assert "다른 분이" in str(errors_of(refused)["__all__"])
    page = refused.content.decode()
    assert "<del>첫째가</del>" in page
    assert "<ins>둘째가</ins>" in page
    assert refused.context["adminform"].form["body"].value() == "둘째가 고친 글입니다."
    row.refresh_from_db()
    assert row.body == "첫째가 고친 글입니다."
    again = second.post(address, as_sent(refused))
    row.refresh_from_db()
    assert (again.status_code, row.body) == (302, "둘째가 고친 글입니다.")
    reasons = list(row.history.order_by("-history_id").values_list("history_change_reason", flat=True)[:2])
    assert reasons == ["둘째", "첫째"]


def test_two_editors_of_one_statement():
    claim = Claim.objects.first()
    first, second = desk_of(make_curator("one")), desk_of(make_curator("two"))
    address = change_address(claim)
    forms = first.get(address), second.get(address)
    first.post(address, as_sent(forms[0], statement="첫째의 진술", change_reason="첫째"))
    refused = second.post(address, as_sent(forms[1], statement="둘째의 진술", change_reason="둘째"))
    assert "다른 분이" in str(errors_of(refused)["__all__"])
    claim.refresh_from_db()
    assert claim.statement == "첫째의 진술"


def test_a_citation_removed_meanwhile_does_not_block_the_second_editor():
    answer = curated_answer()
    second, address, form = two_editors_at(answer)
    answer.citations.first().delete()
    refused = second.post(address, as_sent(form, body="둘째가 고친 글입니다.", change_reason="둘째"))
    assert "__all__" in errors_of(refused)
    assert second.post(address, as_sent(refused)).status_code == 302
    answer.refresh_from_db()
    assert answer.body == "둘째가 고친 글입니다."


def test_a_form_without_its_revision_is_refused():
    answer = curated_answer()
    assert "다른 분이" in str(errors_of(save(editor(), answer, based_on=""))["__all__"])


def test_a_step_taken_meanwhile_counts_as_a_change():
    answer = curated_answer()
    client = editor()
    address = change_address(answer)
    form = client.get(address)
    answer.save()
    assert "__all__" in errors_of(client.post(address, as_sent(form, change_reason="둘째")))
