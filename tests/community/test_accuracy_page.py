"""The page of accuracy: every comparison is there with its source, and its summary is that of sizing."""

import csv
import json
import re
from io import StringIO

import pytest

from community.charts.accuracy_plot import Axis, accuracy_plot
from community.sizing import accuracy, catalog
from community.views.accuracy import TOKENS, compared

from .test_throughput import by_class, drawn

pytestmark = pytest.mark.django_db


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def lines(client):
    return list(csv.DictReader(StringIO(client.get("/accuracy.csv").content.decode())))


def test_summary_is_that_of_sizing(client):
    shown = re.findall(r"<tr><th scope=\"row\">[^<]*</th><td>[^<]*</td>(.*?)</tr>", page(client, "/accuracy/"))
    expected = [
        [str(row["n"]), *(f"{row[name]:.2%}" for name in ("mean", "median", "p90", "max"))]
        for row in accuracy.summary(row.comparison for row in compared())
    ]
    assert [
        re.findall(r'<td class="number">([^<]*)</td>', row) for row in shown if row.count("number") == 5
    ] == expected


def test_csv_holds_every_comparison_with_its_source(client):
    rows = lines(client)
    assert len(rows) == len(compared())
    assert [row["record"] for row in rows] == [row.comparison.record for row in compared()]
    assert all(row["source"] and row["unit"] in ("bytes", "tokens") for row in rows)
    records = [json.loads(line) for line in (catalog.DATA / "measurements.jsonl").read_text().splitlines()]
    files = (catalog.DATA / "files.jsonl").read_text().splitlines()
    assert {row["record"] for row in rows} >= {record["id"] for record in records}
    assert sum(row["engine"] == "files" for row in rows) == len(files)
    sources = {record["id"]: record["source_url"] for record in records}
    assert all(row["source"] == sources[row["record"]] for row in rows if row["engine"] != "files")


def test_every_record_is_on_some_page(client):
    last = max(int(number) for number in re.findall(r"[?;]page=(\d+)", page(client, "/accuracy/")))
    shown = sum(page(client, f"/accuracy/?page={n}").count('<td class="cited">') for n in range(1, last + 1))
    assert shown == len(compared())


def test_filters(client):
    rows = [row.comparison for row in compared()]
    wanted = [row for row in rows if (row.engine, row.component) == ("vllm", "weights")]
    source = page(client, "/accuracy/?engine=vllm&component=weights")
    assert f"값 {len(wanted)}개" in source
    summarized = re.findall(r"<tr><th scope=\"row\">([^<]*)</th><td>[^<]*</td><td class=\"number\">", source)
    recorded = re.findall(r"</small></td><td>([^<]*)</td>", source)
    assert set(summarized) == set(recorded) == {"가중치"}


@pytest.mark.parametrize("query", ["engine=none", "component=none", "engine=vllm&component=file_bytes"])
def test_a_filter_without_records_says_so(client, query):
    assert "이 조건에 맞는 기록이 없어요" in page(client, f"/accuracy/?{query}")


@pytest.mark.parametrize("query", ["page=0", "page=abc", "page=99999", "engine=" + "a" * 50, "component=<b>"])
def test_odd_addresses_still_answer(client, query):
    assert "<b>" not in page(client, f"/accuracy/?{query}")


def test_tokens_are_never_shown_as_bytes(client):
    row = next(row for row in compared() if row.unit == TOKENS)
    assert row.comparison.component == "kv_pool"
    engine = row.comparison.engine
    assert f"{row.comparison.measured:,.0f}토큰" in "".join(
        page(client, f"/accuracy/?engine={engine}&component=kv_pool&page={n}") for n in range(1, 4)
    )


def test_equal_values_lie_on_the_diagonal():
    dots = by_class(
        f"<svg>{accuracy_plot([(2.0**10, 2.0**10), (2.0**30, 2.0**30), (2.0**20, 2.0**25)])}</svg>", "scatter"
    )
    circles = [(dot.get("cx"), dot.get("cy")) for dot in dots[0].iter("circle")]
    assert circles == [("0.0%", "100.0%"), ("100.0%", "0.0%"), ("50.0%", "25.0%")]


def test_plot_says_how_many_are_near_and_leaves_out_what_has_no_logarithm():
    svg = accuracy_plot([(100.0, 104.0), (100.0, 200.0), (0.0, 5.0), (5.0, -1.0)])
    assert "2개 가운데 1개가 5%" in drawn(svg).get("aria-label", "")
    assert accuracy_plot([]) == "" and accuracy_plot([(0.0, 1.0)]) == ""


@pytest.mark.parametrize("sizes", [[1.0], [3.0, 5.0], [1e3, 1e12], [1e9, 8e10]])
def test_axis_holds_every_size_with_a_few_ticks(sizes):
    axis = Axis.of(sizes)
    assert all(0 <= axis.place(size) <= 100 for size in sizes)
    assert 1 <= len(axis.ticks) <= 7
