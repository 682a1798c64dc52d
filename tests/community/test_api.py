"""The API: the bytes of the sizing engine, one answer a question, and every error a problem that names its field."""

import datetime as dt
import json
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.api.docs import operations
from community.api.problems import PROBLEMS
from community.calculator.form import CalculatorForm
from community.models import Answer, Note, Question
from community.sizing import Verdict, catalog
from community.sizing.engines import MODULES
from community.sizing.formats import FORMATS
from community.sizing.report import as_dict

from .fixture_files import Page, letters, question_files
from .test_walk import corrected_snippets, make_hidden_texts

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
DAY = NOW.date()
ESTIMATE = "/api/v1/estimate"
FACTS = ["models", "models/qwen3-8b", "gpus", "gpus/rtx-4090", "formats", "engines", "openapi.json", "estimate"]


def get(client, address, status=200, **parameters):
    response = client.get(f"/api/v1/{address}", parameters)
    assert response.status_code == status, response.content
    assert response["Content-Type"].partition(";")[0] == (
        "application/json" if status < 400 else "application/problem+json"
    )
    return response.json()


def problem(client, address, status, **parameters):
    found = get(client, address, status, **parameters)
    assert found["status"] == status
    assert found["type"] == f"/api/#{PROBLEMS[status][0]}"
    assert found["title"] and found["detail"]
    return found


def error_of(found, field):
    return next(error for error in found["errors"] if error["field"] == field)


def make_question(**values):
    common = {"title": "시험 질문", "body": "본문", "asked_on": DAY, "changed_on": DAY, "published_at": NOW}
    return Question.objects.create(**common | values)


# estimates ---------------------------------------------------------------------------------------------------------

QUERIES = [
    "",
    "model=gpt-oss-120b&engine=vllm&weights=mxfp4&gpu=h100-80gb&gpus=2&context=131072&requests=4&unit=GB",
    "model=qwen3-235b-a22b&engine=llama.cpp&gpu=rtx-4090,rtx-3090:2&context=100000",
    "model=qwen3-235b-a22b&engine=llama.cpp&gpu=rtx-4090&cpu_moe=1",
    "model=qwen3-8b&engine=mlx&gpu=m4-max-64gb",
    "model=qwen3-8b&engine=vllm@0.19.0&gpu=rtx-4090&utilization=0.8&max_num_seqs=64&eager=1",
    "model=deepseek-r1&engine=vllm&gpu=rtx-4090",
    "model=qwen3-8b&engine=vllm&weights=nvfp4&gpu=v100-16gb",
    "model=qwen3-8b&engine=tgi&gpu=rtx-4090",
]


@pytest.mark.parametrize("query", QUERIES)
def test_an_estimate_is_the_sizing_engines_own(client, query):
    form = CalculatorForm(dict(parse_qsl(query)))
    assert form.is_valid()
    found = client.get(f"{ESTIMATE}?{query}").json()
    url, echoed = found.pop("url"), found.pop("deployment")
    assert found == json.loads(json.dumps(as_dict(form.estimate)))
    assert url == f"http://testserver/calculator/?{form.query}"
    again = {name: value for name, value in echoed.items() if value not in (None, False)}
    again |= {name: 1 for name, value in again.items() if value is True}
    assert client.get(f"{ESTIMATE}?{urlencode(again)}").json()["url"] == url


def test_what_does_not_work_is_answered_with_its_verdict(client):
    verdicts = {client.get(f"{ESTIMATE}?{query}").json()["verdict"] for query in QUERIES}
    assert verdicts >= {Verdict.FITS, Verdict.DOES_NOT_FIT, Verdict.UNSUPPORTED, Verdict.UNKNOWN}


def test_where_no_rule_is_known_nothing_is_needed_and_nothing_invented(client):
    found = get(client, "estimate", engine="tgi")
    assert found["verdict"] == "unknown" and found["needed_bytes"] is None and found["per_gpu"] == []
    assert found["weights_bytes"] > 0


@pytest.mark.parametrize(
    ("parameters", "field", "allowed"),
    [
        ({"model": "qwen3-8"}, "model", "qwen3-8b"),
        ({"engine": "vlm"}, "engine", "vllm"),
        ({"weights": "gguf-q4_k"}, "weights", "gguf-q4_k_m"),
        ({"gpu": "rtx-409"}, "gpu", "rtx-4090"),
        ({"context": "0"}, "context", "1–100000000"),
        ({"context": "8k"}, "context", "1–100000000"),
        ({"utilization": "1.5"}, "utilization", "above 0, at most 1"),
        ({"unit": "MB"}, "unit", "GiB"),
        ({"cpu_moe": "maybe"}, "cpu_moe", "1"),
        ({"cpu_moe": "1"}, "cpu_moe", None),
        ({"cpu_moe": "1", "engine": "llama.cpp"}, "cpu_moe", "a model with experts"),
        ({"gpu_layers": "4"}, "gpu_layers", None),
        ({"rules": "yesterday"}, "rules", None),
        ({"context": ""}, "context", None),
        ({"version": "0.19.0"}, "version", "engine"),
        ({"of": "vllm"}, "of", "engine"),
        ({"gpuz": "4"}, "gpuz", "gpus"),
    ],
)
def test_a_malformed_parameter_is_named_with_what_is_allowed(client, parameters, field, allowed):
    found = problem(client, "estimate", 422, **parameters)
    assert [error["field"] for error in found["errors"]] == [field]
    error = error_of(found, field)
    assert error["message"] and field in found["detail"]
    assert (allowed in error["allowed"]) if allowed else error["allowed"] == []


def test_every_wrong_parameter_is_named_at_once(client):
    response = client.get(f"{ESTIMATE}?context=0&gpus=1&gpus=2&model=none&nonsense=1")
    assert {error["field"] for error in response.json()["errors"]} == {"context", "gpus", "model", "nonsense"}


@pytest.mark.parametrize(("sent", "echoed"), [("1", True), ("true", True), ("0", None), ("false", None)])
def test_a_flag_says_which(client, sent, echoed):
    found = get(client, "estimate", model="qwen3-235b-a22b", engine="llama.cpp", cpu_moe=sent)
    assert found["deployment"]["cpu_moe"] is echoed


NAMES = st.sampled_from([*(parameter["name"] for parameter in operations()[0].parameters), "x", "of"])
VALUES = st.one_of(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300),
    st.integers().map(str),
    st.floats().map(str),
    st.sampled_from(["rtx-4090:256", "rtx-4090,m4-max-64gb", "vllm@", "@", "-1", "1e9", "NaN", "\x00", "9" * 400]),
    st.sampled_from([*MODULES, *FORMATS, *(device.id for device in catalog.devices())]),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_no_address_breaks_an_estimate(client, parameters):
    assert client.get(ESTIMATE, parameters).status_code in (200, 400, 422)


# catalogue ---------------------------------------------------------------------------------------------------------


def test_lists_hold_the_whole_catalogue(client):
    assert [row["id"] for row in get(client, "models")["items"]] == [row.id for row in catalog.models()]
    assert [row["id"] for row in get(client, "gpus")["items"]] == [row.id for row in catalog.devices()]
    assert [row["id"] for row in get(client, "formats")["items"]] == list(FORMATS)
    assert [row["id"] for row in get(client, "engines")["items"]] == list(MODULES)


def test_a_model_and_a_gpu_have_the_figures_of_the_catalogue(client):
    model, gpu = get(client, "models/gpt-oss-120b"), get(client, "gpus/rtx-4090")
    architecture, device = catalog.model("gpt-oss-120b").architecture, catalog.device("rtx-4090")
    assert model["parameters"] == {"total": architecture.parameters, "active": architecture.active_parameters}
    assert model["architecture"]["experts"]["count"] == architecture.experts.count
    assert gpu["usable_bytes"] == device.usable and gpu["bandwidth_bytes_per_second"] == device.bandwidth


@pytest.mark.parametrize(
    ("asked", "own"),
    [("models/Qwen/Qwen3-8B", "models/qwen3-8b"), ("gpus/RTX-4090", "gpus/rtx-4090")],
)
def test_another_name_leads_to_the_own_address(client, asked, own):
    response = client.get(f"/api/v1/{asked}")
    assert (response.status_code, response["Location"]) == (301, f"/api/v1/{own}")
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("address", "near"),
    [("models/qwen3-8bb", "qwen3-8b"), ("gpus/rtx-409", "rtx-4090"), ("notes/qwen3-8b", "qwen3-8b-rtx5090")],
)
def test_an_unknown_id_is_answered_with_the_nearest(client, address, near):
    assert near in problem(client, address, 404)["nearest"]


# questions and notes -----------------------------------------------------------------------------------------------


def pages(client, **parameters):
    """Every row of the list, page by page, as `next` leads on."""
    address, found = f"/api/v1/questions?{urlencode(parameters)}", []
    while address:
        answer = client.get(address).json()
        found += answer["items"]
        assert answer["total"] == len(found) or answer["next"]
        address = answer["next"]
    return found


def test_pages_hold_every_published_question_once(client):
    draft = make_question(published_at=None)
    numbers = [row["number"] for row in pages(client, page_size=7)]
    published = set(Question.objects.published().values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) and set(numbers) == published and draft.number not in numbers
    assert numbers == [row["number"] for row in pages(client, page_size=100)]


def test_the_list_is_filtered_as_the_page_is(client):
    every = pages(client, page_size=100)
    for state in {row["state"] for row in every}:
        wanted = [row["number"] for row in every if row["state"] == state]
        assert [row["number"] for row in pages(client, state=state)] == wanted
    tagged = [row["number"] for row in every if "gguf" in {tag["slug"] for tag in row["tags"]}]
    assert tagged and [row["number"] for row in pages(client, tag="gguf")] == tagged
    assert get(client, "questions", tag="no-such-tag")["total"] == 0
    assert 0 < get(client, "questions", q="EXL2")["total"] < len(every)


def test_a_page_past_the_end_is_empty(client):
    found = get(client, "questions", page=99)
    assert found["items"] == [] and found["total"] > 0 and found["next"] is None and found["page"] == 99


@pytest.mark.parametrize(
    "parameters", [{"page": 0}, {"page_size": 101}, {"state": "nonsense"}, {"sort": "x"}, {"p": 2}]
)
def test_a_wrong_choice_is_refused(client, parameters):
    (field,) = parameters
    assert error_of(problem(client, "questions", 422, **parameters), field)["allowed"]


def test_every_question_shows_its_own_answer_and_no_other(client):
    for file in question_files():
        if not file.published:
            continue
        found = get(client, f"questions/{file.number}")
        shown = file.shown
        assert found["title"] == file.title
        assert found["conclusion"] == (found["answer"]["conclusion"] if found["answer"] else None)
        assert (found["answer"] or {}).get("conclusion") == (shown.conclusion if shown else None)
        if shown:
            assert letters(found["answer"]["markdown"]) == letters(shown.body)
            assert found["answer"]["corrected"] is False
        wrong = [answer for answer in file.answers if answer.verdict not in ("curated", "under_review")]
        assert [row["conclusion"] for row in found["corrected_answers"]] == [row.conclusion for row in wrong]
        assert all(row["corrected"] is True and row["verdict"] for row in found["corrected_answers"])


def test_of_two_live_answers_the_curated_one_stands(client):
    question = make_question()
    common = {"question": question, "evidence": "primary", "changed_on": DAY, "checked_on": DAY, "published_at": NOW}
    Answer.objects.create(verdict="under_review", conclusion="검토하는 답", body="검토하는 답", **common)
    Answer.objects.create(verdict="curated", conclusion="확인된 답", body="확인된 답", **common)
    found = get(client, f"questions/{question.number}")
    assert (found["state"], found["conclusion"], found["answer"]["conclusion"]) == (
        "verified",
        "확인된 답",
        "확인된 답",
    )
    assert "검토하는 답" not in client.get(f"/q/{question.number}/").content.decode()


def outside_corrected(value):
    """All texts of an answer but those under corrected_answers."""
    if isinstance(value, dict):
        return " ".join(outside_corrected(member) for name, member in value.items() if name != "corrected_answers")
    return " ".join(map(outside_corrected, value)) if isinstance(value, list) else f" {value} "


def test_no_hidden_text_is_anywhere_and_no_corrected_one_outside_its_list(client):
    hidden, draft = make_hidden_texts()
    forbidden = corrected_snippets()
    numbers = [row["number"] for row in pages(client, page_size=100)]
    slugs = [row["slug"] for row in get(client, "notes")["items"]]
    addresses = [f"questions/{number}" for number in numbers] + [f"notes/{slug}" for slug in slugs]
    answers = [*(get(client, address) for address in addresses), pages(client, page_size=100), get(client, "notes")]
    for found in answers:
        everything, outside = letters(json.dumps(found, ensure_ascii=False)), letters(outside_corrected(found))
        assert not [text for text in hidden if text in everything]
        assert not [text for text in forbidden if text in outside]
    problem(client, f"questions/{draft.number}", 404)


def test_a_corrected_answer_says_why_and_what_stands_instead(client):
    wrong = Answer.objects.published().filter(verdict="wrong", replaced_by__isnull=False).first()
    found = get(client, f"questions/{wrong.question.number}")
    row = next(row for row in found["corrected_answers"] if row["number"] == wrong.number)
    assert row["reason"] == wrong.reason and row["replaced_by"] == wrong.replaced_by.number
    Answer.objects.filter(pk=wrong.replaced_by.pk).update(published_at=None)
    found = get(client, f"questions/{wrong.question.number}")
    assert next(row for row in found["corrected_answers"] if row["number"] == wrong.number)["replaced_by"] is None


def test_drafts_stay_hidden_from_curators_too(client, django_user_model):
    draft = make_question(published_at=None)
    note = Note.objects.first()
    Note.objects.filter(pk=note.pk).update(published_at=None)
    client.force_login(django_user_model.objects.create_user("curator", is_staff=True))
    problem(client, f"questions/{draft.number}", 404)
    problem(client, f"notes/{note.slug}", 404)


def test_a_withdrawn_question_is_gone_with_the_reason(client):
    other = Question.objects.get(number=101)
    question = make_question(withdrawn_at=NOW, withdrawn_reason="같은 질문이 이미 있어요.", replacement=other)
    found = problem(client, f"questions/{question.number}", 410)
    assert found["detail"] == "같은 질문이 이미 있어요."
    assert found["replacement"] == "http://testserver/api/v1/questions/101"
    assert question.title not in json.dumps(found, ensure_ascii=False)


def test_a_withdrawn_note_is_gone_with_the_reason(client):
    note = Note.objects.first()
    Note.objects.filter(pk=note.pk).update(withdrawn_at=NOW, withdrawn_reason="숫자가 틀렸어요.")
    found = problem(client, f"notes/{note.slug}", 410)
    assert found["detail"] == "숫자가 틀렸어요." and found["replacement"] is None
    assert note.slug not in [row["slug"] for row in get(client, "notes")["items"]]


def test_a_merged_question_leads_on(client):
    question = make_question(merged_into=Question.objects.get(number=101))
    assert client.get(f"/api/v1/questions/{question.number}")["Location"] == "/api/v1/questions/101"


@pytest.mark.parametrize("number", ["0", "9" * 12, "9" * 30, "9" * 1500, "-1", "1.0", "x", "%00", "101/x"])
def test_no_such_question(client, number):
    problem(client, f"questions/{number}", 404)


def test_a_note_has_its_caveats_and_sources(client):
    found = get(client, "notes/qwen3-8b-rtx5090")
    note = Note.objects.get(slug="qwen3-8b-rtx5090")
    assert found["caveats"] == note.caveats and found["markdown"] == note.body
    assert found["sources"] and found["benchmark"] == "http://testserver/benchmarks/qwen3-8b-rtx5090.csv"


@pytest.mark.parametrize(
    ("address", "most"),
    [*((address, 0) for address in FACTS), ("questions", 2), ("questions?state=verified&tag=gguf", 2),
     ("questions/101", 4), ("notes", 1), ("notes/qwen3", 2), ("questions/999999", 1)],
)  # fmt: skip
def test_query_counts(client, address, most):
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/api/v1/{address}")
    assert len(queries) <= most


# every address -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [*FACTS, "questions", "questions/101", "notes", "notes/qwen3"])
def test_open_conditional_and_without_cookies(client, address):
    first = client.get(f"/api/v1/{address}", headers={"origin": "https://elsewhere.example"})
    assert first["Access-Control-Allow-Origin"] == "*" and not first.cookies
    assert "Cookie" not in first.get("Vary", "") and "Origin" not in first.get("Vary", "")
    assert "public" in first["Cache-Control"]
    again = client.get(f"/api/v1/{address}", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304 and again.content == b"" and again["Access-Control-Allow-Origin"] == "*"
    head = client.head(f"/api/v1/{address}")
    assert (head.status_code, head["ETag"], head.content) == (200, first["ETag"], b"")
    packed = client.get(f"/api/v1/{address}", headers={"accept-encoding": "gzip"})
    assert client.get(f"/api/v1/{address}", headers={"if-none-match": packed["ETag"]}).status_code == 304


def test_words_are_never_served_stale_and_facts_for_minutes(client):
    assert client.get("/api/v1/questions/101")["Cache-Control"] == "public, no-cache"
    assert client.get(ESTIMATE)["Cache-Control"] == "public, max-age=300"


def test_an_edit_changes_the_etag(client):
    before = client.get("/api/v1/questions/101")["ETag"]
    Answer.objects.filter(question__number=101, verdict="curated").update(conclusion="다른 결론")
    response = client.get("/api/v1/questions/101", headers={"if-none-match": before})
    assert response.status_code == 200 and response["ETag"] != before


def test_a_browser_may_ask_first(client):
    response = client.options(ESTIMATE, headers={"origin": "https://elsewhere.example"})
    assert (response.status_code, response.content) == (204, b"")
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("address", [ESTIMATE, "/api/v1/questions/101", "/api/nothing"])
def test_nothing_is_written(method, address):
    response = getattr(Client(enforce_csrf_checks=True), method)(address)
    assert response.status_code == 405 and response["Allow"] == "GET, HEAD, OPTIONS"
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/nothing", 404),
        ("/api/v1/estimate/", 404),
        ("/api/v2/estimate", 404),
        ("/api/v1/models/", 404),
        ("/api/v1/models/" + "a" * 300, 404),
        ("/api/v1/gpus/%2e%2e%2f", 404),
        ("/api/v1/notes/%00", 404),
        ("/api/v1/%ff", 404),
        ("/api/v1/estimate?" + "a" * 2001, 400),
        ("/api/v1/estimate?model=%00", 400),
        ("/api/v1/questions?q=%ff%fe", 400),
        ("/api/v1/questions?%ff=1", 400),
        ("/api/v1/gpus?" + "&" * 1999, 400),
    ],
)
def test_every_error_is_a_problem(client, address, status):
    response = client.get(address)
    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.json()["status"] == status and response["Access-Control-Allow-Origin"] == "*"


def test_a_failure_of_ours_is_a_problem_without_a_traceback():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE community_note RENAME TO community_elsewhere")
    response = Client(raise_request_exception=False).get("/api/v1/notes")
    assert (response.status_code, response["Content-Type"]) == (500, "application/problem+json")
    assert response.json() == {
        "type": "/api/#server-error", "title": "우리 쪽에서 문제가 생겼어요", "status": 500,
        "detail": "우리 쪽에서 문제가 생겼어요",
    }  # fmt: skip


def test_an_unknown_host_is_a_problem(client):
    response = client.get(ESTIMATE, headers={"host": "elsewhere.example"})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


# documentation -----------------------------------------------------------------------------------------------------


def test_every_operation_is_documented_and_its_example_answers(client):
    source = client.get("/api/").content.decode()
    links, ids = Page(source).links, {values.get("id") for _tag, values in Page(source).elements}
    paths = get(client, "openapi.json")["paths"]
    assert len(paths) == 11
    for operation in operations():
        assert operation.path in paths and operation.path in source and operation.id in ids
        assert operation.example in links and f"http://testserver{operation.example}" in source.replace("&amp;", "&")
        assert client.get(operation.example).status_code == 200
        assert {row["name"] for row in operation.fields} >= set(client.get(operation.example).json())
        assert all(row["description"] for row in operation.parameters)
    assert {name for name, _title in PROBLEMS.values()} <= ids


def test_every_operation_refuses_what_it_does_not_know(client):
    for operation in operations():
        parts = urlsplit(operation.example)
        problem(client, parts.path.removeprefix("/api/v1/"), 422, nonsense="1")


def test_the_shown_error_is_the_one_that_is_answered(client):
    page = client.get("/api/")
    assert client.get(page.context["refused"]).json() == json.loads(page.context["answer"])


def test_the_description_is_openapi_3_1(client):
    found = get(client, "openapi.json")
    assert found["openapi"].startswith("3.1")
    text = json.dumps(found)
    for reference in {part.split('"')[0] for part in text.split('"$ref": "')[1:]}:
        _hash, _components, kind, name = reference.split("/")
        assert name in found["components"][kind]


def test_the_root_leads_to_the_documentation(client):
    assert client.get("/api/v1/")["Location"] == "/api/"
    assert client.get("/api")["Location"] == "/api/"
