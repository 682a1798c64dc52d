"""The reverse questions: what fits into these GPUs, what a model needs, and the addresses of both."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.calculator.form import CalculatorForm
from community.calculator.reverse.address import questions_about
from community.calculator.reverse.fits import fits, published_formats
from community.calculator.reverse.fits_form import FitsForm
from community.calculator.reverse.needs import COMMON, MACS, needs
from community.calculator.reverse.needs_form import NeedsForm
from community.sizing import catalog, size
from community.sizing.fit import what_fits
from community.sizing.size import needed_bytes
from community.sizing.suggestions import LADDERS

FITS, NEEDS = "/calculator/fits/", "/calculator/needs/"
ROW = re.compile(r'href="/calculator/\?([^"]+)">[^<]*</a></td><td class="number"><data class="needed" value="(\d+)"')
ODD = ["-1", "0", "1e400", "NaN", "9" * 30, "²", "1_0", "vllm@1", "rtx-4090:²", ":", ",", "@", "m1-8gb"]


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def estimate_of(query):
    form = CalculatorForm(QueryDict(query))
    assert form.is_valid(), form.errors
    return form.estimate


# what fits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gpu", "count", "engine"), [("rtx-4090", 2, "vllm"), ("m4-max-64gb", 1, "mlx")])
def test_fits_are_those_of_sizing(gpu, count, engine):
    rows = what_fits((catalog.device(gpu),) * count, 8192, engine=engine)
    found = fits(gpu, count, engine, 8192, 1, False)
    assert [(fit.model.id, fit.weights, fit.verdict, fit.needed) for fit in found] == [
        (row["model"], row["weights"], row["verdict"], row["needed_bytes"]) for row in rows
    ]


def test_every_row_leads_to_its_own_figures(client):
    source = page(client, f"{FITS}?gpu=rtx-4090&gpus=2&context=32768&requests=4")
    rows = ROW.findall(source)
    assert len(rows) == 25
    for query, shown in rows[::6]:
        estimate = estimate_of(unescape(query))
        assert needed_bytes(estimate.memory) == int(shown)
        assert estimate.verdict in ("fits", "tight")
        assert "gpus=2&context=32768&requests=4" in unescape(query)


def test_orders():
    def rows(query):
        form = FitsForm(QueryDict(query))
        assert form.is_valid()
        return form.rows

    assert [fit.parameters for fit in rows("")] == sorted((fit.parameters for fit in rows("")), reverse=True)
    assert [fit.needed for fit in rows("sort=needed")] == sorted(fit.needed for fit in rows("sort=needed"))
    speeds = [fit.speed for fit in rows("sort=speed")]
    assert speeds == sorted(speeds, reverse=True)
    assert [fit.model.id for fit in rows("q=QWEN3+vl+8b&sort=needed")] == ["qwen3-vl-8b"]


def test_only_published_formats_where_that_is_asked_for():
    found = fits("h100-80gb", 2, "vllm", 8192, 1, True)
    assert all(fit.repository for fit in found)
    by_id = {fit.model.id: fit for fit in found}
    assert by_id["gpt-oss-20b"].weights == "mxfp4"
    assert by_id["qwen3-235b-a22b"].weights in published_formats(catalog.model("qwen3-235b-a22b"), "vllm")


def test_nothing_fits_and_the_page_says_so(client):
    assert "들어가는 모델을 찾지 못했어요" in page(client, f"{FITS}?gpu=v100-16gb")
    assert "들어가는 모델을 찾지 못했어요" in page(client, f"{FITS}?gpu=rtx-4090&q=no-such-model")


# what is needed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", LADDERS)
def test_every_cell_is_what_the_calculator_says(engine):
    found = needs("qwen3-30b-a3b", engine, 8192, 1)
    assert {row.device.id for row in found.rows} <= {*COMMON, *MACS}
    sizes = [column.bytes for column in found.columns]
    assert sizes == sorted(sizes, reverse=True)
    cells = [cell for row in found.rows for cell in row.cells if cell.count]
    for cell in cells[::9]:
        estimate = estimate_of(cell.query)
        assert (estimate.verdict, needed_bytes(estimate.memory)) == (cell.verdict, cell.needed)
        assert len(estimate.memory.gpus) == cell.count


def test_cards_that_need_fewest_stand_first():
    orders = [row.order for row in needs("qwen3-235b-a22b", "vllm", 8192, 1).rows]
    assert orders == sorted(orders)


def test_published_formats_have_a_column():
    columns = {column.weights: column.repository for column in needs("gpt-oss-20b", "vllm", 8192, 1).columns}
    assert columns["mxfp4"] == "openai/gpt-oss-20b"
    assert "bf16" in columns


def test_what_no_number_of_cards_holds_is_said(client):
    source = page(client, f"{NEEDS}?model=deepseek-r1")
    assert "16장까지 안 들어가요" in source
    assert "못 띄워요" in page(client, f"{NEEDS}?model=qwen3-8b")  # MI300X does not read AWQ and GPTQ in vLLM
    assert "판단할 수 없어요" in source


# addresses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "sent", "canonical"),
    [
        (FITS, "gpu=rtx-4090:2&engine=vllm&q=&context=8192", "gpu=rtx-4090&gpus=2"),
        (FITS, "gpus=2&gpu=rtx-4090", "gpu=rtx-4090&gpus=2"),
        (FITS, "engine=vllm&gpu=m4-max-64gb", "gpu=m4-max-64gb&engine=vllm"),
        (FITS, "gpu=m4-max-64gb&engine=mlx", "gpu=m4-max-64gb"),
        (FITS, "x=1", "gpu=rtx-4090"),
        (FITS, "gpu=rtx-4090,rtx-3090:2&published=on&sort=speed&page=1",
         "gpu=rtx-4090,rtx-3090:2&published=1&sort=speed"),
        (NEEDS, "model=Qwen/Qwen3-8B&engine=vllm", "model=qwen3-8b"),
        (NEEDS, "requests=4&model=qwen3-8b&engine=sglang", "model=qwen3-8b&engine=sglang&requests=4"),
    ],
)  # fmt: skip
def test_one_address_for_one_answer(client, path, sent, canonical):
    response = client.get(f"{path}?{sent}")
    assert (response.status_code, response["Location"]) == (302, f"{path}?{canonical}")
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(("path", "least"), [(f"{FITS}?gpu=rtx-4090&gpus=2&engine=exllamav3", 4), (NEEDS, 8)])
def test_links_to_oneself_need_no_redirect(client, path, least):
    links = map(unescape, re.findall(r'href="(/calculator/(?:fits|needs)/\?[^"]+)"', page(client, path)))
    near = [link for link in links if "exllamav3" in link or "needs" in link]
    assert len(near) >= least
    for link in near:
        assert client.get(link).status_code == 200, link


def test_the_calculator_hands_on_its_model_and_cards(client):
    query = "model=gpt-oss-20b&engine=llama.cpp&weights=gguf-mxfp4&gpu=rtx-3090&gpus=2&context=4096"
    source = unescape(page(client, f"/calculator/?{query}"))
    assert f'href="{FITS}?gpu=rtx-3090&gpus=2&context=4096"' in source
    assert f'href="{NEEDS}?model=gpt-oss-20b&engine=llama.cpp&context=4096"' in source
    form = CalculatorForm(QueryDict("engine=tgi&weights=awq-4bit"))
    form.is_valid()
    assert questions_about(form.deployment)["calculator-needs"] == "model=qwen3-8b"


@pytest.mark.parametrize(
    ("path", "query", "field"),
    [
        (FITS, "gpu=nope", "gpu"),
        (FITS, "gpu=rtx-4090:33", "gpu"),
        (FITS, "gpus=33", "gpus"),
        (FITS, "gpus=0", "gpus"),
        (FITS, "context=-1", "context"),
        (FITS, "requests=1e9", "requests"),
        (FITS, "page=0", "page"),
        (FITS, "page=999", "page"),
        (FITS, "engine=tgi", "engine"),
        (FITS, "sort=nonsense", "sort"),
        (FITS, "q=" + "a" * 101, "q"),
        (NEEDS, "model=nope", "model"),
        (NEEDS, "engine=vllm@0.19", "engine"),
        (NEEDS, "context=x", "context"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, path, query, field):
    form = (FitsForm if path == FITS else NeedsForm)(QueryDict(query))
    assert not form.is_valid() and set(form.errors) == {field}
    source = page(client, f"{path}?{query}")
    assert "표시한 칸을 고쳐 주세요" in source and str(form.errors[field][0]) in unescape(source)
    assert 'class="needed"' not in source


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from([FITS, NEEDS]),
    name=st.sampled_from([*FitsForm.base_fields, "model", "x"]),
    value=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=120) | st.sampled_from(ODD),
)
def test_no_query_string_breaks_them(client, path, name, value):
    response = client.get(f"{path}?{name}={quote(value)}")
    assert response.status_code in (200, 302, 400)
    if response.status_code == 302:
        assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize("path", [FITS, NEEDS])
def test_no_cookie(client, path):
    """Without the database, as every test here: these pages ask it nothing."""
    response = client.get(path)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_sizes_agree_with_an_estimate():
    fit = next(fit for fit in fits("rtx-4090", 1, "vllm", 8192, 1, False) if fit.model.id == "qwen3-8b")
    form = CalculatorForm(QueryDict(fit.query))
    assert form.is_valid()
    assert needed_bytes(size(form.deployment).memory) == fit.needed
