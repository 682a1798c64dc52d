"""The pages of models: every one opens, its figures are those of sizing, and an unknown id names the nearest."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape, strip_tags

from community.calculator.words import format_name
from community.charts.format_sizes import format_sizes
from community.models import Benchmark, Note, Question
from community.sizing import catalog
from community.sizing.fit import what_fits
from community.sizing.formats import parse_format, weigh
from community.sizing.kv_cache import bytes_per_token, kv_type
from community.views.accuracy import compared
from community.views.models import CONTEXT, FORMATS, HOLDERS, holders_of, sizes_of

from .test_throughput import by_class

pytestmark = pytest.mark.django_db

IDS = [model.id for model in catalog.models()]


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", IDS)
def test_every_model_has_a_page_with_the_figures_of_sizing(client, name):
    made = catalog.model(name).architecture
    with CaptureQueriesContext(connection) as queries:
        source = page(client, f"/models/{name}/")
    assert len(queries) <= 4
    assert f"<dd>{made.parameters:,}</dd>" in source and f"<dd>{made.active_parameters:,}</dd>" in source
    assert f"<dd>{bytes_per_token(made, kv_type('bf16')):,} B</dd>" in source
    for weights in FORMATS:
        size = weigh(made, parse_format(weights)).weights_bytes
        row = source.split(f'<th scope="row">{format_name(weights)}</th>')[1].partition("</tr>")[0]
        assert re.findall(r'<td class="number">([\d,.]+)</td>', row)[:2] == [
            f"{size / 2**30:,.2f}",
            f"{size / 1e9:,.2f}",
        ]


@pytest.mark.parametrize("name", ["qwen3-8b", "deepseek-r1", "gpt-oss-20b"])
def test_cards_hold_what_fit_says(name):
    for (device, count, engine), holder in zip(HOLDERS, holders_of(name), strict=True):
        if engine == "llama.cpp":  # what_fits asks every model, which takes seconds there
            continue
        rows = what_fits((catalog.device(device),) * count, CONTEXT, engine=engine)
        expected = next(((row["weights"], row["verdict"]) for row in rows if row["model"] == name), None)
        assert ((holder.weights, holder.verdict) if holder.whole else None) == expected


@pytest.mark.parametrize("name", ["qwen3-8b", "deepseek-r1"])
def test_rows_lead_to_the_calculator_with_what_they_show(client, name):
    source = page(client, f"/models/{name}/")
    for holder in holders_of(name):
        assert f'href="/calculator/?{escape(holder.query)}"' in source
        assert f'<data class="needed" value="{holder.needed}">' in source
        result = client.get(f"/calculator/?{holder.query}").context["result"]
        assert (result.estimate.verdict, result.needed) == (holder.verdict, holder.needed)


def test_measured_figures_and_benchmarks_of_the_model(client):
    source = page(client, "/models/qwen3-8b/")
    rows = [row for row in compared() if row.model_id == "qwen3-8b" and row.comparison.engine == "vllm"]
    near = sum(abs(row.comparison.error) <= 0.05 for row in rows if row.comparison.error is not None)
    assert f"공개된 값 {len(rows)}개와 견줘 {near}개가 5% 안에서 맞아요" in source
    listed = page(client, "/accuracy/?model=qwen3-8b&engine=vllm")
    assert listed.count('class="cited"') == len(rows)
    assert Benchmark.objects.get(slug="qwen3-8b-rtx5090").finding in strip_tags(source)
    assert "이 모델을 돌린 공개 로그나" in page(client, "/models/kanana-nano-2.1b/")


def test_a_no_says_whether_memory_or_the_engine_is_the_reason():
    def verdicts(name):
        return {(holder.device.id, holder.engine): holder.verdict for holder in holders_of(name) if holder.count == 1}

    assert verdicts("deepseek-r1")["l40s", "vllm"] == "does_not_fit"
    assert verdicts("deepseek-r1")["rtx-4090", "llama.cpp"] == "fits_with_offload"


def test_largest_format_first():
    sizes = [size.bytes for size in sizes_of("qwen3-8b")]
    assert sizes == sorted(sizes, reverse=True)


def test_questions_and_notes_that_name_the_model(client):
    question, hidden = Question.objects.published()[:2]
    note = Note.objects.published()[0]
    Question.objects.update(model_ids=[])
    Note.objects.update(model_ids=[])
    assert "아직 이 모델을 다룬" in page(client, "/models/qwen2.5-72b/")
    Question.objects.filter(pk=question.pk).update(model_ids=["qwen2.5-72b"])
    Question.objects.filter(pk=hidden.pk).update(model_ids=["qwen2.5-72b"], published_at=None)
    Note.objects.filter(pk=note.pk).update(model_ids=["qwen3-8b", "qwen2.5-72b"])
    source = page(client, "/models/qwen2.5-72b/")
    assert question.get_absolute_url() in source and note.get_absolute_url() in source
    assert hidden.get_absolute_url() not in source
    assert question.get_absolute_url() not in page(client, "/models/qwen2.5-7b/")


def test_list_finds_and_sorts(client):
    def shown(query=""):
        return re.findall(r'<th scope="row"><a href="/models/([a-z0-9.-]+)/"', page(client, f"/models/{query}"))

    made = {model.id: model.architecture for model in catalog.models()}
    assert sorted(shown()) == sorted(IDS)
    counts = [made[name].parameters for name in shown()]
    assert counts == sorted(counts, reverse=True)
    tokens = [bytes_per_token(made[name], kv_type("bf16")) for name in shown("?sort=cache")]
    assert tokens == sorted(tokens)
    assert shown("?q=QWEN2.5+72b") == ["qwen2.5-72b"]
    assert "qwen3-8b" in shown("?q=Qwen/Qwen3-8B&sort=nonsense")
    assert shown("?q=%EC%97%86%EC%9D%8C") == []


def test_unknown_id_names_the_nearest(client):
    response = client.get("/models/qwen2.5-72/")
    assert response.status_code == 404
    assert 'href="/models/qwen2.5-72b/"' in response.content.decode()
    assert client.get(f"/models/{'a' * 300}/").status_code == 404


@pytest.mark.parametrize("name", ["Qwen/Qwen3-8B", "qwen2.5:72b", "QWEN3-8B"])
def test_another_name_leads_to_the_id(client, name):
    response = client.get(f"/models/{name}/")
    assert (response.status_code, response["Location"]) == (301, f"/models/{catalog.model(name).id}/")


@pytest.mark.parametrize("query", ["q=" + "a" * 101, "q=%00"])
def test_search_that_cannot_be_read(client, query):
    assert client.get(f"/models/?{query}").status_code == 400
    assert client.get(f"/gpus/?{query}").status_code == 400


def test_bars_are_as_long_as_the_sizes():
    svg = format_sizes([("a", 80 * 2**30), ("b", 20 * 2**30)], [("card", 40 * 2**30), ("large", 90 * 2**30)])
    assert [bar.get("width") for bar in by_class(svg, "bar")] == ["100%", "25%"]
    assert [line.get("x1") for line in by_class(svg, "card-end")] == ["50%"]
    assert "80.0 GiB" in svg and "20.0 GiB" in svg


def test_names_of_cards_do_not_touch():
    svg = format_sizes([("a", 100)], [("one", 40), ("two", 60), ("three", 90)])
    assert [text.text for text in by_class(svg, "card-name")] == ["one", "three"]


def test_bars_escape_names():
    assert "<b>" not in format_sizes([("<b>", 1)], [("<b>", 1)])


def test_every_published_format_has_its_size():
    for model in catalog.models():
        assert {row.format for row in model.formats} <= {size.format for size in sizes_of(model.id)}
    native = next(size for size in sizes_of("gpt-oss-20b") if size.format == "mxfp4")
    assert native.repository == "openai/gpt-oss-20b"
