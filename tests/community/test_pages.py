"""Guest pages: few queries, no cookie, no write, strict policy, and a clear answer to every bad address."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.models import Question

from .fixture_files import Page

pytestmark = pytest.mark.django_db

GUEST_PAGES = [
    "/",
    "/community.html",
    "/community.html?state=corrected&tag=qwen3&sort=asked&q=H100",
    "/community.html?page=2",
    "/q/101/",
    "/q/101/sheet/",
    "/q/108/",
    "/q/101/history/",
    "/notes/",
    "/notes/qwen3/",
    "/notes/qwen3-8b-rtx5090/",
    "/notes/qwen3-vl/history/",
    "/benchmarks/qwen3-8b-rtx5090.csv",
    "/models/",
    "/models/qwen2.5-72b/",
    "/gpus/",
    "/gpus/rtx-4090/",
    "/accuracy/",
    "/accuracy.csv",
    "/calculator/",
    "/calculator/?model=qwen3-235b-a22b&engine=llama.cpp&weights=gguf-q4_k_m&gpu=rtx-4090,rtx-3090:2",
    "/calculator/?context=0&model=nope",
    "/fixes/",
    "/about/",
]


@pytest.mark.parametrize("address", GUEST_PAGES)
def test_guest_page(client, address):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(address)
    statements = [query["sql"] for query in queries]
    assert response.status_code == 200
    assert len(statements) <= 4, statements
    assert all(statement.startswith("SELECT") for statement in statements)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("address", [*GUEST_PAGES, "/no-such-page/", "/q/99999/", "/admin/login/"])
def test_strict_policy(client, address):
    policy = client.get(address)["Content-Security-Policy"]
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy
    assert "default-src 'none'" in policy and "http" not in policy


@pytest.mark.parametrize("address", [address for address in GUEST_PAGES if not address.endswith(".csv")])
def test_nothing_inline_and_nobody_else(client, address):
    source = client.get(address).content.decode()
    assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:", source)
    loaded = {
        values.get("src") or values["href"]
        for tag, values in Page(source).elements
        if tag in ("script", "link", "img", "iframe") and values.get("rel") != "canonical"
    }
    assert bool(loaded) is not address.endswith("/sheet/")
    assert all(link.startswith("/static/") for link in loaded)


def test_pages_use_no_more_queries_when_there_are_more_rows(client):
    def count(address):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    before = count("/community.html"), count("/q/101/")
    template = Question.objects.get(number=102)
    for _ in range(12):
        Question.objects.create(
            title="더 많은 질문", body="본문", asked_on=template.asked_on, changed_on=template.changed_on,
            published_at=template.published_at,
        )  # fmt: skip
    assert (count("/community.html"), count("/q/101/")) == before


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/q/99999/", 404),
        ("/q/0/", 404),
        ("/q/99999999999999999999999999/", 404),
        ("/q/abc/", 404),
        ("/q/99999/sheet/", 404),
        ("/notes/no-such-note/", 404),
        ("/benchmarks/none.csv", 404),
        ("/community.html?state=nonsense", 200),
        ("/community.html?sort=nonsense", 200),
        ("/community.html?tag=nonsense", 200),
        ("/community.html?page=0", 200),
        ("/community.html?page=-3", 200),
        ("/community.html?page=abc", 200),
        ("/community.html?page=9999", 200),
        ("/community.html?page=99999999999999999999", 200),
        ("/community.html?q=" + "가" * 201, 400),
        ("/community.html?tag=" + "a" * 41, 400),
        ("/community.html?" + "a=b&" * 600, 400),
        ("/community.html?q=%00", 400),
        ("/community.html?q=%ff%fe", 400),
        ("/community.html?%ff=1", 400),
        ("/community/?q=gguf", 301),
        ("/q/101", 301),
    ],
)
def test_bad_address(client, address, status):
    response = client.get(address)
    assert response.status_code == status
    if status >= 400:
        assert "<main" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("state=nonsense", "없는 상태"),
        ("sort=nonsense", "없는 정렬"),
        ("page=0", "1부터"),
        ("page=9999", "쪽까지 있어요"),
    ],
)
def test_a_wrong_choice_is_named(client, query, words):
    assert words in client.get(f"/community.html?{query}").content.decode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["q", "state", "tag", "sort", "page", "x"]),
    value=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=260),
)
def test_no_query_string_breaks_the_list(client, name, value):
    assert client.get("/community.html", {name: value}).status_code in (200, 400)


def test_methods_that_change_something_are_refused(client):
    for method in (client.post, client.put, client.delete):
        assert method("/q/101/").status_code in (403, 405)


def test_community_redirect_keeps_the_query(client):
    assert client.get("/community/?q=gguf")["Location"] == "/community.html?q=gguf"


def test_csv_holds_the_charts_numbers(client):
    lines = client.get("/benchmarks/qwen3-8b-rtx5090.csv").content.decode().split("\r\n")
    assert lines[0].startswith("engine,version,settings,users,tokens_per_second")
    assert any("2832.3,56.65" in line for line in lines)  # seed report, table of concurrent users: 2,832.30 at 50
