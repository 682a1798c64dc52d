"""The quick question of the home page: two lines that the calculator says too, in place and as a page."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.calculator.reverse.quick import PROPOSED, QuickForm
from community.sizing import catalog
from community.sizing.suggestions import YES
from community.views.models import holders_of

PAGE, FRAGMENT = "/calculator/quick/", "/calculator/quick/answer/"
LINE = re.compile(r'<a href="/calculator/\?([^"]+)">[^<]*</a>[^<]*<data class="needed" value="(\d+)">')
SIX_WAY = "model=qwen3-8b&engine=vllm&weights=bf16&gpu=rtx-4090"


def lines(source):
    """(query of the calculator, needed bytes) of each line of the answer."""
    return [(unescape(query), int(needed)) for query, needed in LINE.findall(source)]


def body(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.django_db
def test_one_configuration_has_the_same_bytes_everywhere(client):
    """Home, quick question, model page and calculator."""
    shown = {
        "home": dict(lines(body(client, "/")))[SIX_WAY],
        "page": dict(lines(body(client, PAGE)))[SIX_WAY],
        "fragment": dict(lines(body(client, f"{FRAGMENT}?model=qwen3-8b&gpu=rtx-4090&gpus=1")))[SIX_WAY],
        "model": next(holder.needed for holder in holders_of("qwen3-8b") if holder.query == SIX_WAY),
        "calculator": client.get(f"/calculator/?{SIX_WAY}").context["result"].needed,
    }
    assert f'href="/calculator/?{SIX_WAY}"' in unescape(body(client, "/models/qwen3-8b/"))
    assert f'<data class="needed" value="{shown["model"]}">' in body(client, "/models/qwen3-8b/")
    assert len(set(shown.values())) == 1, shown


@pytest.mark.parametrize(
    "query", ["", "model=qwen3-235b-a22b&gpu=h100-80gb&gpus=2", "model=gpt-oss-20b&gpu=m4-max-64gb"]
)
def test_a_line_leads_to_its_own_figures(client, query):
    found = lines(body(client, f"{FRAGMENT}?{query}"))
    assert len(found) == 2
    for address, needed in found:
        result = client.get(f"/calculator/?{address}").context["result"]
        assert result.needed == needed
        assert result.estimate.verdict in YES


def test_where_nothing_fits_it_says_what_would(client):
    source = body(client, f"{FRAGMENT}?model=deepseek-r1&gpu=rtx-4090")
    assert "안 들어가요" in source and "모자라요" in source
    results = QuickForm({"model": "qwen3-32b", "gpu": "rtx-3060-12gb"})
    assert results.is_valid()
    assert "장이면 들어가요" in results.results[0].detail


def test_every_proposed_model_is_answered():
    assert len({catalog.model(name).id for name in PROPOSED}) == len(PROPOSED)
    for name in PROPOSED:
        assert QuickForm({"model": name, "gpu": "rtx-5090", "gpus": "2"}).is_valid(), name


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("model=nope", "model"),
        ("gpu=nope", "gpu"),
        ("gpus=0", "gpus"),
        ("gpus=x", "gpus"),
        ("gpu=a,b&gpus=2", "gpu"),
        ("gpu=rtx-4090:17", "gpu"),
    ],
)
def test_what_is_wrong_is_said(client, query, field):
    for address in (PAGE, FRAGMENT):
        response = client.get(f"{address}?{query}")
        form = response.context["quick"]
        assert list(form.errors) == [field]
        assert str(form.errors[field][0]) in unescape(response.content.decode())
        assert 'class="needed"' not in response.content.decode()


@pytest.mark.parametrize("path", [PAGE, FRAGMENT])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["model", "gpu", "gpus", "x"]),
    value=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=80)
    | st.sampled_from(["-1", "256", "9" * 30, "²", "rtx-4090:²", "rtx-4090,m1-8gb", "m1-8gb:3", "mi300x", ",", "@"]),
)
def test_no_query_string_breaks_it(client, path, name, value):
    assert client.get(f"{path}?{name}={quote(value)}").status_code in (200, 400)


@pytest.mark.django_db
@pytest.mark.parametrize("path", [PAGE, FRAGMENT])
def test_no_query_and_no_cookie(client, path):
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert len(queries) == 0
    assert not response.cookies and "Cookie" not in response.get("Vary", "")
    assert (response.get("X-Robots-Tag") == "noindex") is (path == FRAGMENT)
