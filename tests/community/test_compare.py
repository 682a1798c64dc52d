"""The comparison: addresses there and back, one scale for all bars, differences that are those of the results."""

import re
from html import unescape
from urllib.parse import quote, urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.calculator.bars import bar_of
from community.calculator.comparison.columns import MOST, asked_columns, compare_query
from community.calculator.comparison.compare import Comparison
from community.calculator.comparison.rows import difference
from community.calculator.form import CalculatorForm
from community.calculator.query import ORDER, canonical_query, deployment_of, takes, values_of
from community.calculator.words import amount_in
from community.charts.compare_bar import FULL, compare_bar
from community.charts.memory_bar import Bar, Segment
from community.sizing import InputError, size
from community.sizing.engines import MODULES

from .fixture_files import Page

PAGE = "/calculator/compare/"
FIRST = "model=qwen3-8b&engine=vllm&weights=bf16&gpu=rtx-4090"


def make_comparison(query=""):
    return Comparison(QueryDict(query).dict())


def deployments_of(query):
    return [column.form.deployment for column in make_comparison(query).columns]


@st.composite
def deployments(draw):
    engine = draw(st.sampled_from(["vllm", "vllm@0.19.0", "sglang", "llama.cpp", "ollama", "exllamav3"]))
    asked = {
        "model": draw(st.sampled_from(["qwen3-8b", "qwen3-235b-a22b", "gemma-3-27b"])),
        "engine": engine,
        "weights": draw(st.sampled_from(["bf16", "awq-4bit", "gguf-q4_0+imatrix"])),
        "gpu": draw(st.sampled_from(["rtx-4090", "h100-80gb", "rtx-4090,rtx-3090:2", "rtx-3090:2"])),
        "context": draw(st.sampled_from([1024, 8192, 40_960])),
        "requests": draw(st.integers(1, 3)),
    }
    for name, value in [("kv", "fp8"), ("utilization", 0.85), ("pp", 1), ("cpu_moe", True)]:
        if takes(engine.partition("@")[0], name) and draw(st.booleans()):
            asked[name] = value
    return deployment_of(asked)


@given(st.lists(deployments(), min_size=2, max_size=MOST), st.sampled_from(["GiB", "GB"]))
@settings(deadline=None)
def test_an_address_gives_the_same_columns_again(found, unit):
    columns = [values_of(deployment, unit) for deployment in found]
    query = compare_query(columns)
    asked = asked_columns(QueryDict(query).dict())
    assert [deployment_of(typed(values)) for values in asked] == found
    assert compare_query([values_of(deployment_of(typed(values)), unit) for values in asked]) == query
    assert query.startswith(canonical_query(found[0], unit))


def typed(values):
    return {name: field.clean(values.get(name)) for name, field in CalculatorForm.base_fields.items()}


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", FIRST),
        ("2.weights=awq-4bit", f"{FIRST}&2.weights=awq-4bit"),
        ("3.engine=sglang", f"{FIRST}&3.engine=sglang"),
        ("2.weights=bf16&columns=3", f"{FIRST}&columns=3"),
        ("2.gpus=2&columns=2", f"{FIRST}&2.gpus=2"),
        ("context=4096&2.context=8192&unit=GB", f"{FIRST}&context=4096&unit=GB&2.context=8192"),
        ("gpus=2&2.gpu=t4:3", f"{FIRST}&gpus=2&2.gpu=t4&2.gpus=3"),
        ("gpus=2&2.gpu=t4,t4:3,l4", f"{FIRST}&gpus=2&2.gpu=t4:4,l4"),
        ("gpu=t4,l4&2.gpu=l4", f"{FIRST.replace('rtx-4090', 't4,l4')}&2.gpu=l4"),
        ("2.engine=llama.cpp", f"{FIRST}&2.engine=llama.cpp&2.weights=gguf-q4_k_m"),  # no format named: the usual one
        # A setting that the other engine has not goes by itself; one that it has stays, or is taken back.
        ("weights=bf16&utilization=0.8&2.engine=llama.cpp", f"{FIRST}&utilization=0.8&2.engine=llama.cpp"),
        ("utilization=0.8&2.engine=sglang", f"{FIRST}&utilization=0.8&2.engine=sglang"),
        ("utilization=0.8&2.utilization=", f"{FIRST}&utilization=0.8&2.utilization="),
    ],
)
def test_canonical_address(query, canonical):
    comparison = make_comparison(query)
    assert comparison.query == canonical
    assert make_comparison(canonical).query == canonical


def test_columns_stand_over_the_first():
    first, second, third = deployments_of("context=4096&2.weights=awq-4bit&3.engine=sglang")
    assert [first.context, second.context, third.context] == [4096] * 3
    assert [first.weights.id, second.weights.id, third.weights.id] == ["bf16", "awq-4bit", "bf16"]
    assert [first.engine, second.engine, third.engine] == ["vllm", "vllm", "sglang"]


def test_what_the_form_sends_is_whole():
    """An unticked box and an empty field of the second column are not those of the first."""
    sent = "model=qwen3-235b-a22b&engine=llama.cpp&weights=gguf-q4_k_m&cpu_moe=1&of=llama.cpp"
    first, second = deployments_of(f"{sent}&2.model=qwen3-235b-a22b&2.engine=llama.cpp&2.of=llama.cpp")
    assert first.options.cpu_moe and not second.options.cpu_moe


def test_the_button_leads_to_the_canonical_address(client):
    sent = urlencode({"model": "qwen3-8b", "of": "vllm", "gpus": "1", "2.model": "qwen3-8b", "2.of": "vllm",
                      "2.engine": "llama.cpp", "2.weights": "bf16"})  # fmt: skip
    response = client.get(f"{PAGE}?{sent}")
    assert response.status_code == 302
    assert response["Location"].startswith(f"{PAGE}?{FIRST}&2.engine=llama.cpp")
    assert client.get(response["Location"]).status_code == 200
    more = client.get(f"{PAGE}?{sent}&columns=3")
    assert len(make_comparison(more["Location"].partition("?")[2]).columns) == 3


def test_a_wrong_value_is_said_at_the_field_of_its_column(client):
    text = client.get(f"{PAGE}?2.gpu=nope&of=vllm").content.decode()
    marked = [values["id"] for _tag, values in Page(text).elements if "aria-invalid" in values]
    assert marked == ["2.gpu"]
    assert re.search(r'id="2.gpu-error" class="field-error">[^<]', text)
    assert "무엇이 다른가요" not in text
    assert 'value="nope"' in text


@pytest.mark.parametrize("query", ["columns=5", "columns=1", "columns=x", "5.gpu=t4", "1.gpu=t4", "0.x=1"])
def test_a_column_that_cannot_be_is_refused(client, query):
    assert "구성은 둘에서 넷까지예요" in client.get(f"{PAGE}?{query}").content.decode()


def test_links_reorder_and_leave_out():
    query = f"{FIRST}&2.gpus=2&3.engine=sglang"
    first, second, third = make_comparison(query).columns
    ahead = deployments_of(third.ahead)
    assert [deployment.engine for deployment in ahead] == ["sglang", "vllm", "vllm"]
    assert [len(deployment.devices) for deployment in ahead] == [1, 1, 2]
    assert deployments_of(first.without) == deployments_of(query)[1:]
    assert not first.ahead
    assert [column.without for column in make_comparison(second.without).columns] == ["", ""]


def test_amounts_and_differences_are_those_of_the_results(client):
    query = f"{FIRST}&gpus=2&2.weights=awq-4bit&3.engine=tgi"
    text = unescape(client.get(f"{PAGE}?{query}").content.decode())
    needed = [sum(gpu.needed for gpu in size(deployment).memory.gpus) for deployment in deployments_of(query)[:2]]
    shown = re.findall(r'<data class="needed" value="(\d+)">([^<]+)</data>', text)
    assert shown == [(str(value), amount_in("GiB")(value)) for value in needed] * 2  # in its card, and in the table
    assert f"기준보다 {difference(needed[1], needed[0], amount_in('GiB'))}" in text
    assert "알 수 없음" in text  # what TGI needs
    assert "0.0\u00a0GiB" not in text


def test_equal_rows_fold(client):
    rows = make_comparison(f"{FIRST}&2.weights=awq-4bit").rows
    comparison = make_comparison(f"{FIRST}&2.weights=awq-4bit")
    assert {row.label for row in comparison.different} >= {"형식", "필요", "가중치"}
    assert {row.label for row in comparison.equal} >= {"모델", "엔진", "GPU"}
    assert len(rows) == len(comparison.different) + len(comparison.equal)
    text = client.get(f"{PAGE}?{FIRST}&2.weights=awq-4bit").content.decode()
    assert f"같은 항목 {len(comparison.equal)}개" in text
    same = make_comparison("")
    assert not same.different and same.columns[1].opened and not same.columns[0].opened


@pytest.mark.parametrize("engine", MODULES)
def test_every_engine_stands_beside_every_other(client, engine):
    """With all its settings: the row of one that the other has not says so."""
    response = client.get(f"{PAGE}?utilization=0.8&kv=fp8&2.engine={engine}&2.kv=&2.gpu=h100-80gb")
    assert response.status_code == 200
    assert [bool(column.result) for column in response.context["comparison"].columns] == [True, True]


def test_differences_have_a_sign():
    gib = amount_in("GiB")
    assert difference(3 * 2**30, 2**30, gib) == "+2.0\u00a0GiB"
    assert difference(2**30, 3 * 2**30, gib) == "−2.0\u00a0GiB"
    assert difference(1, 1, gib) == ""


# bars --------------------------------------------------------------------------------------------------------------


def make_bar(*sizes, capacity=100, limit=0):
    return Bar("GPU 0", capacity, tuple(Segment("weights", "가중치", size) for size in sizes), limit)


def rects(svg):
    found = re.findall(r'<rect class="(\w+)" (?:x="([\d.e-]+)%" )?width="([\d.e-]+)%"', svg)
    return [(kind, float(x or 0), float(width)) for kind, x, width in found]


def test_bars_share_one_scale():
    svg = compare_bar(make_bar(60, 30), str)
    assert rects(svg) == [("room", 0, 66.67), ("weights", 0, 40), ("weights", 40, 20)]
    assert '<line class="end" x1="66.67%"' in svg
    assert "style" not in svg


def test_what_is_too_much_is_hatched_from_100_to_150_per_cent():
    assert ("over", 66.67, 13.33) in rects(compare_bar(make_bar(120), str))
    beyond = rects(compare_bar(make_bar(60, 200, 40), str))
    assert beyond[1:] == [("weights", 0, 40), ("weights", 40, 60), ("over", 66.67, 33.33)]


@settings(deadline=None)
@given(st.lists(st.integers(0, 10**13), max_size=6), st.integers(0, 10**12), st.integers(0, 10**12))
def test_no_bar_leaves_the_drawing(sizes, capacity, limit):
    for _kind, x, width in rects(compare_bar(make_bar(*sizes, capacity=capacity, limit=limit), str)):
        assert 0 <= x <= 100 and x + width <= 100.1


def test_equal_shares_of_unequal_cards_are_equally_long():
    small, large = deployments_of(f"{FIRST}&2.gpu=h100-80gb&2.weights=bf16")
    for deployment in (small, large):
        (gpu,) = size(deployment).memory.gpus
        drawn = rects(compare_bar(bar_of("GPU 0", gpu), str))
        needed = sum(width for kind, _x, width in drawn if kind in ("weights", "kv", "act", "engine"))
        assert needed == pytest.approx(FULL * gpu.needed / gpu.usable, abs=0.1)


# anything ----------------------------------------------------------------------------------------------------------

NAMES = [*ORDER, "of", "version", "rules", "needed", "x", ""]
ANY = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    ["-1", "0", "1e400", "NaN", "9" * 30, "²", "vllm@1", "llama.cpp", "tgi", "rtx-4090:²", "rtx-4090:8,t4", ":", ","]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(
    st.tuples(st.sampled_from(["", "2.", "3.", "4.", "5.", "²."]), st.sampled_from(NAMES)).map("".join)
    | st.sampled_from(["columns", "9" * 40 + ".gpu"]), ANY, max_size=6,
))  # fmt: skip
def test_no_query_string_breaks_the_comparison(client, query):
    """Without the database, as every test here."""
    address = f"{PAGE}?" + "&".join(f"{quote(name)}={quote(value)}" for name, value in query.items())
    assert client.get(address).status_code in (200, 302, 400)


def test_no_cookie(client):
    response = client.get(PAGE)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_addresses_stay_short():
    """The longest that the form can write is one that the site reads."""
    cards = ",".join(["rtx-6000-ada:64", "rtx-4090:63", "rtx-3090:62", "h100-80gb:61"])
    columns = []
    for number in range(MOST):
        asked = {"model": "qwen3-235b-a22b", "weights": "gptq-int4", "gpu": cards, "context": 123_456 + number,
                 "requests": 1000 + number, "kv": "fp8_e4m3", "utilization": 0.8123, "tp": 1, "pp": 250}  # fmt: skip
        try:
            columns.append(values_of(deployment_of(asked)))
        except InputError as error:
            pytest.fail(str(error))
    assert len(compare_query(columns)) < 1_000
