"""The curators' pages beside the forms: steps, history, preview, lists, the first page, and the way in."""

import datetime as dt

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.content.pipeline import render
from community.models import Answer, Claim, Note, Question, Source, Verdict
from community.views.today import today

from .curators import (
    PASSWORD,
    as_sent,
    change_address,
    chief_editor,
    curated_answer,
    editor,
    make_curator,
    save,
    step_address,
)

pytestmark = pytest.mark.django_db
REASON = "측정값과 맞지 않아서 오답으로 표시한 답입니다."


def test_answers_are_marked_wrong_from_the_list_with_a_reason():
    client = editor()
    answers = [curated_answer(101), curated_answer(102)]
    chosen = {"action": "mark-wrong", "_selected_action": [answer.pk for answer in answers]}
    asked = client.post(reverse("admin:community_answer_changelist"), chosen)
    assert asked["Location"] == step_address("mark-wrong", *sorted(answers, key=lambda row: row.question.number))
    refused = client.post(asked["Location"], {"reason": "너무 짧아요"})
    assert refused.context["form"].errors["reason"]
    assert client.post(asked["Location"], {"reason": REASON}).status_code == 302
    for answer in answers:
        answer.refresh_from_db()
        record = answer.history.latest()
        assert (answer.verdict, answer.reason) == (Verdict.WRONG, REASON)
        assert (record.history_user.get_full_name(), record.history_date.date()) == ("김편집", timezone.now().date())


def test_a_step_is_taken_for_all_chosen_rows_or_for_none():
    first, second = curated_answer(101), curated_answer(102)
    Answer.objects.filter(pk=second.pk).update(evidence="broken")
    refused = editor().post(step_address("mark-wrong", first, second), {"reason": REASON})
    first.refresh_from_db()
    assert (refused.status_code, first.verdict) == (200, Verdict.CURATED)
    assert refused.context["form"].non_field_errors()


def test_the_steps_of_a_row_are_on_its_form():
    question = Question.objects.get(number=101)
    page = chief_editor().get(change_address(question)).content.decode()
    for step in ("unpublish", "withdraw", "merge", "purge"):
        assert step_address(step, question) in page
    assert step_address("separate", question) not in page
    assert step_address("purge", question) not in editor().get(change_address(question)).content.decode()


def test_a_question_is_withdrawn_merged_and_purged_from_its_pages():
    client = chief_editor()
    question = Question.objects.get(number=101)
    unknown = client.post(step_address("withdraw", question), {"reason": "이유", "replacement": "9999"})
    assert "이 번호의 공개된 질문이 없어요." in unknown.content.decode()
    client.post(step_address("withdraw", question), {"reason": "이유", "replacement": "102"})
    question.refresh_from_db()
    assert question.replacement.number == 102
    client.post(step_address("publish", question))
    client.post(step_address("merge", question), {"reason": "같은 질문", "into": "103"})
    question.refresh_from_db()
    assert question.merged_into.number == 103
    unsure = client.post(step_address("purge", question), {"reason": "법으로 지워야 했습니다."})
    assert unsure.context["form"].errors["sure"]
    client.post(step_address("purge", question), {"reason": "법으로 지워야 했습니다.", "sure": "on"})
    question.refresh_from_db()
    assert (question.title, question.merged_into) == ("", None)
    assert Client().get("/q/101/").status_code == 410


def test_a_step_without_rows_does_not_exist():
    client = editor()
    base = reverse("admin:community_answer_mark-wrong")
    assert [client.get(f"{base}{query}").status_code for query in ("", "?pk=x", "?pk=999999")] == [404, 404, 404]


def test_history_names_the_curator_as_they_sign_and_shows_the_change():
    client = editor()
    answer = curated_answer()
    save(client, answer, conclusion="새로쓴결론입니다.", change_reason="측정값을 고쳤습니다.")
    page = client.get(reverse("admin:community_answer_history", args=[answer.pk])).content.decode()
    assert "김편집" in page
    assert "login-name" not in page
    assert "측정값을 고쳤습니다." in page
    assert "<ins>새로쓴결론입니다.</ins>" in page
    assert f"restore={answer.history.earliest().history_id}" in page
    assert f"restore={answer.history.latest().history_id}" not in page


def test_where_no_versions_are_kept_the_log_names_curators_as_they_sign_too():
    client = editor()
    source = Source.objects.first()
    address = change_address(source)
    assert client.post(address, as_sent(client.get(address), title="새 제목")).status_code == 302
    page = client.get(reverse("admin:community_source_history", args=[source.pk])).content.decode()
    assert "김편집" in page
    assert "login-name" not in page


def test_a_published_note_keeps_its_address():
    note = Note.objects.published().first()
    slug = note.slug
    save(editor(), note, slug="moved", title="새 제목")
    note.refresh_from_db()
    assert (note.slug, note.title) == (slug, "새 제목")


def test_a_long_history_has_pages():
    question = Question.objects.get(number=101)
    for number in range(45):
        question.title = f"제목 {number}"
        question.save()
    address = reverse("admin:community_question_history", args=[question.pk])
    client = editor()
    first, last = client.get(address).context["versions"], client.get(f"{address}?p=3").context["versions"]
    assert [len(page.object_list) for page in (first, last)] == [20, question.history.count() - 40]
    assert all(version.changes for version in first)
    assert client.get(f"{address}?p=nonsense").status_code == 200


def test_an_earlier_version_is_restored_as_a_new_one():
    client = editor()
    answer = curated_answer()
    old = answer.body
    save(client, answer, body="나중에 쓴 글입니다.")
    address = f"{change_address(answer)}?restore={answer.history.order_by('history_id').first().history_id}"
    form = client.get(address)
    assert form.context["adminform"].form["body"].value() == old
    answer.refresh_from_db()
    assert answer.body == "나중에 쓴 글입니다."
    records = answer.history.count()
    assert client.post(address, as_sent(form)).status_code == 302
    answer.refresh_from_db()
    assert (answer.body, answer.history.count(), answer.check_again) == (old, records + 1, True)
    assert answer.history.latest().history_change_reason == "이전 판으로 되돌림"


def test_a_version_of_another_row_is_not_restored():
    client = editor()
    answer, other = curated_answer(101), curated_answer(102)
    for history_id in (other.history.latest().history_id, "x", "-1", "9" * 30):
        form = client.get(f"{change_address(answer)}?restore={history_id}")
        assert form.context["adminform"].form["body"].value() == answer.body


MARKDOWN = "## 제목\n\n| 엔진 | 값 |\n|---|---|\n| vLLM | 24 GiB |\n\n<script>alert(1)</script>\n"


def test_the_preview_is_what_the_site_will_show():
    page = editor().post(reverse("preview"), {"text": MARKDOWN.replace("\n", "\r\n")})
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert render(MARKDOWN.strip()) in page.content.decode()
    assert "<script" not in page.content.decode()


@pytest.mark.parametrize(
    ("text", "message"), [("가" * 60_001, "60000"), ("[" * 2_001, "2,000개"), ("앞\n+++\n뒤", "+++")]
)
def test_a_text_that_cannot_be_saved_has_no_preview(text, message):
    page = editor().post(reverse("preview"), {"text": text})
    assert page.status_code == 400
    assert message in page.content.decode()


def test_the_preview_is_for_curators_with_a_form_of_ours():
    assert Client().post(reverse("preview"), {"text": "글"}).status_code == 403
    checked = Client(enforce_csrf_checks=True)
    checked.force_login(make_curator(), backend="django.contrib.auth.backends.ModelBackend")
    assert checked.post(reverse("preview"), {"text": "글"}).status_code == 403
    assert editor_named("other").get(reverse("preview")).status_code == 405


def editor_named(name):
    client = Client()
    client.force_login(make_curator(name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def review_dates():
    """Four answers, one in each part of the filter."""
    dates = {"past": today(), "soon": today() + dt.timedelta(30), "later": today() + dt.timedelta(31), "none": None}
    Answer.objects.update(review_by=today() + dt.timedelta(400))
    answers = Answer.objects.order_by("pk")[:4]
    for answer, date in zip(answers, dates.values(), strict=True):
        Answer.objects.filter(pk=answer.pk).update(review_by=date)
    return dict(zip(dates, [answer.pk for answer in answers], strict=True))


def test_answers_are_listed_by_their_review_date():
    client = editor()
    listed = {}
    expected = review_dates()
    for part in expected:
        page = client.get(reverse("admin:community_answer_changelist"), {"review": part})
        listed[part] = {row.pk for row in page.context["cl"].result_list}
    assert {part: {expected[part]} for part in ("past", "soon", "none")} == {
        part: listed[part] for part in ("past", "soon", "none")
    }
    assert expected["later"] in listed["later"]
    assert not listed["later"] & {expected[part] for part in ("past", "soon", "none")}


@pytest.mark.parametrize(("model", "query"), [
    ("question", "state=corrected"), ("question", "shown=draft"), ("answer", "verdict__exact=wrong"),
    ("answer", "check_again__exact=1"), ("note", "review=past"), ("source", "citations__isempty=1"),
    ("claim", "verdict__exact=wrong"), ("question", "q=101"), ("answer", "q=vLLM"), ("claim", "q=vLLM"),
    ("note", "q=qwen3-vl"),
])  # fmt: skip
def test_lists_can_be_narrowed(model, query):
    page = editor().get(reverse(f"admin:community_{model}_changelist") + f"?{query}")
    assert page.status_code == 200
    assert page.context["cl"].result_count < page.context["cl"].full_result_count


def test_lists_need_few_queries(django_assert_max_num_queries):
    client = editor()
    for model in ("question", "answer", "note", "claim", "source"):
        with django_assert_max_num_queries(14):
            assert client.get(reverse(f"admin:community_{model}_changelist")).status_code == 200


def test_the_first_page_lists_what_waits():
    due = curated_answer()
    Answer.objects.filter(pk=due.pk).update(check_again=True)
    draft = Question.objects.create(title="초안인 질문의 제목", body="글", asked_on=today(), changed_on=today())
    source = Source.objects.create(key="never-cited", title="달지 않은 출처의 제목", kind="primary", read_on=today())
    page = editor().get("/admin/").content.decode()
    for text in (due.question.title, "초안인 질문의 제목", "달지 않은 출처의 제목"):
        assert text in page
    for row in (due, draft, source):
        assert change_address(row) in page
    Note.objects.update(review_by=today())
    assert "다시 확인할 노트" in editor_named("other").get("/admin/").content.decode()


def test_five_wrong_passwords_lock_the_door_for_that_name_alone():
    make_curator("locked-out")
    make_curator("other")
    login = reverse("admin:login")
    statuses = [
        Client().post(login, {"username": "locked-out", "password": "wrong"}).status_code
        for _attempt in range(settings.AXES_FAILURE_LIMIT)
    ]
    assert statuses == [200, 200, 200, 200, 429]
    locked = Client().post(login, {"username": "locked-out", "password": PASSWORD})
    assert locked.status_code == 429
    assert "15분 뒤에" in locked.content.decode()
    assert "locked-out" not in locked.content.decode()
    assert Client().post(login, {"username": "other", "password": PASSWORD}).status_code == 302


def test_the_log_in_page_is_one_of_the_sites():
    page = Client().get(reverse("admin:login")).content.decode()
    assert "css/components.css" in page
    assert "편집실 들어가기" in page
    refused = Client().post(reverse("admin:login"), {"username": "", "password": ""}).content.decode()
    assert refused.count('class="errorlist"') == 2


def test_statements_have_a_preview_and_their_sources():
    claim = Claim.objects.filter(citations__isnull=False).first()
    page = editor().get(change_address(claim)).content.decode()
    assert 'data-preview-of="id_evidence"' in page
    assert claim.citations.first().source.title in page.replace("&#x27;", "'").replace("&quot;", '"')
