"""How dates, states, versions and counts are written."""

import datetime as dt

import pytest
from django.template.loader import render_to_string

from community.models import Claim, ClaimVerdict, State, Verdict
from community.sizing import catalog
from community.templatetags import ainex, catalogue
from community.views.today import today


def test_a_date_of_this_year_needs_no_year() -> None:
    day = today().replace(month=3, day=9)
    assert ainex.korean_date(day) == f'<time datetime="{day.isoformat()}">3월 9일</time>'
    assert ainex.korean_date(day, "full") == f'<time datetime="{day.isoformat()}">{day.year}년 3월 9일</time>'


def test_a_date_of_another_year_names_it() -> None:
    assert ainex.korean_date(dt.date(2025, 8, 1)) == '<time datetime="2025-08-01">2025년 8월 1일</time>'
    assert ainex.korean_date(None) == ""


def test_a_moment_is_dated_as_in_korea() -> None:
    late = dt.datetime(2025, 12, 31, 20, tzinfo=dt.UTC)
    assert 'datetime="2026-01-01"' in ainex.korean_date(late)


@pytest.mark.parametrize("value", [*State.values, *Verdict.values])
def test_every_state_has_an_icon_that_exists_and_a_word(value: str) -> None:
    tag = ainex.state(value)
    assert f'id="i-{tag["symbol"]}"' in render_to_string("parts/_sprite.html")
    assert tag["label"] == str(dict([*State.choices, *Verdict.choices])[value])


@pytest.mark.parametrize("verdict", ClaimVerdict)
def test_every_verdict_on_a_statement_has_an_icon_that_exists(verdict: ClaimVerdict) -> None:
    tag = ainex.state(verdict.value, str(verdict.label))
    assert f'id="i-{tag["symbol"]}"' in render_to_string("parts/_sprite.html")
    assert tag["label"] == str(verdict.label)


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ({"engine": "vllm", "since": "0.10.2"}, "vLLM 0.10.2 이상"),
        ({"engine": "vllm", "until": "0.10.1"}, "vLLM 0.10.1 이하"),
        ({"engine": "sglang", "since": "0.4", "until": "0.5"}, "SGLang 0.4–0.5"),
        ({"engine": "llama.cpp"}, "llama.cpp"),
    ],
)
def test_version_ranges_in_words(row: dict[str, str], text: str) -> None:
    assert ainex.version_range(row) == text


def test_statements_are_counted_by_verdict() -> None:
    claims = [Claim(verdict=verdict) for verdict in ("wrong", "confirmed", "wrong")]
    assert ainex.claims_table(claims, "n")["verdicts"] == [("confirmed", "확인됨", 1), ("wrong", "틀림", 2)]


def test_the_page_for_failures_needs_no_request() -> None:
    page = render_to_string("errors/500.html")
    assert "문제가 생겨서" in page and 'content="noindex"' in page


@pytest.mark.parametrize(
    ("group", "words"),
    [("-0.7", "0.7까지"), ("0.17-0.19", "0.17–0.19"), ("0.20-", "0.20부터"), ("AWQ, format-default", "AWQ")],
)
def test_version_groups_in_words(group: str, words: str) -> None:
    assert catalogue.group_name(group) == words


def test_estimated_fields_are_named_in_words() -> None:
    named = {catalogue.fields([name]) for device in catalog.devices() for name in device.estimated}
    assert "계산 세대" in named and "FP32 계산 속도" in named
    assert not [words for words in named if "_" in words]
