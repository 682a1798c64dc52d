"""The pages of models: every one opens, its figures are those of sizing, and an unknown id names the nearest."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.charts.format_sizes import format_sizes
from community.models import Note, Question
from community.sizing import catalog
from community.sizing.fit import what_fits
from community.sizing.formats import parse_format, weigh
from community.sizing.kv_cache import bytes_per_token, kv_type
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
        row = source.split(f'<th scope="row">{weights}</th>')[1].partition("</tr>")[0]
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
        assert ((holder.weights, holder.verdict) if holder.weights else None) == expected


def test_a_no_says_whether_memory_or_the_engine_is_the_reason():
    def verdicts(name):
        return {(holder.device.id, holder.count): holder.verdict for holder in holders_of(name)}

    assert verdicts("deepseek-r1")["l40s", 1] == "does_not_fit"
    assert verdicts("deepseek-r1")["rtx-4090", 1] == "fits_with_offload"


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
