"""The calculator: addresses, words, errors at their field, and the bytes of the sizing engine itself."""

import json
import re
import shlex
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from itertools import combinations
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.calculator import words
from community.calculator.form import CalculatorForm
from community.calculator.query import ORDER, SETTINGS, canonical_query, deployment_of, takes, values_of, with_change
from community.calculator.trial import SERVERS
from community.sizing import InputError, Reason, Verdict, catalog, size
from community.sizing.compatibility import CONDITIONAL
from community.sizing.engines import MODULES
from community.sizing.formats import FORMATS

from .fixture_files import Page

PAGE, FRAGMENT = "/calculator/", "/calculator/result/"
MODELS = ["qwen3-8b", "qwen3-235b-a22b", "deepseek-r1", "gpt-oss-120b", "gemma-3-27b", "nemotron-h-56b"]
SIZING = Path(words.__file__).parent.parent / "sizing"


def form_of(query):
    form = CalculatorForm(QueryDict(query))
    form.is_valid()
    return form


def result_of(query):
    form = form_of(query)
    assert form.result, form.errors
    return form.result


# addresses ---------------------------------------------------------------------------------------------------------

CARDS = [device.id for device in catalog.devices() if device.vendor != "Apple"]
VALUES = {
    "kv": "fp8", "utilization": 0.85, "tp": 2, "pp": 3, "ep": 1, "gpu_layers": 0, "cpu_moe": True, "max_num_seqs": 64,
    "max_num_batched_tokens": 4096, "ubatch": 256, "eager": True,
}  # fmt: skip
MODEL_IDS = [model.id for model in catalog.models()]


@st.composite
def deployments(draw):
    engine = draw(st.sampled_from(sorted(MODULES)))
    cards = draw(st.lists(st.tuples(st.sampled_from(CARDS), st.integers(1, 9)), min_size=1, max_size=3))
    asked = {
        "model": draw(st.sampled_from(MODEL_IDS)),
        "engine": engine + draw(st.sampled_from(["", "@0.19.0", "@9000"])),
        "weights": draw(st.sampled_from(FORMATS)),
        "gpu": ",".join(f"{card}:{count}" for card, count in cards),
        "context": draw(st.integers(1, 10**8)),
        "requests": draw(st.integers(1, 10**6)),
    }
    for name, value in VALUES.items():
        if takes(engine, name) and draw(st.booleans()):
            asked[name] = value
    return deployment_of(asked)


@given(deployments(), st.sampled_from(["GiB", "GB"]))
def test_an_address_gives_the_same_deployment_again(deployment, unit):
    query = canonical_query(deployment, unit)
    fields = {name: field.clean(dict(parse_qsl(query)).get(name)) for name, field in CalculatorForm.base_fields.items()}
    assert deployment_of(fields) == deployment
    assert canonical_query(deployment_of(fields), fields["unit"] or "GiB") == query


@given(deployments())
def test_an_address_has_one_order_and_no_defaults(deployment):
    names = [name for name, _value in parse_qsl(canonical_query(deployment))]
    assert names == sorted(names, key=ORDER.index)
    assert names[:4] == ["model", "engine", "weights", "gpu"]
    assert "unit" not in names
    assert ("requests" in names) is (deployment.requests != 1)
    assert ("context" in names) is (deployment.context != 8192)


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", "model=qwen3-8b&engine=vllm&weights=bf16&gpu=rtx-4090"),
        ("model=Qwen/Qwen3-8B&gpus=1&unit=GiB&kv=", "model=qwen3-8b&engine=vllm&weights=bf16&gpu=rtx-4090"),
        ("gpu=rtx-4090:2", "model=qwen3-8b&engine=vllm&weights=bf16&gpu=rtx-4090&gpus=2"),
        (
            "gpu=rtx-4090,rtx-3090:2&engine=llama.cpp",
            "model=qwen3-8b&engine=llama.cpp&weights=gguf-q4_k_m&gpu=rtx-4090,rtx-3090:2",
        ),
        ("engine=vllm@0.19.0&requests=4&context=4096&unit=GB",
         "model=qwen3-8b&engine=vllm@0.19.0&weights=bf16&gpu=rtx-4090&context=4096&requests=4&unit=GB"),
        ("unit=GB&eager=1&max_num_batched_tokens=4096&max_num_seqs=64&rules=2026-11-20&needed=1",
         "model=qwen3-8b&engine=vllm&weights=bf16&gpu=rtx-4090&max_num_seqs=64&max_num_batched_tokens=4096&eager=1"
         "&unit=GB"),
    ],
)  # fmt: skip
def test_canonical_address(query, canonical):
    assert form_of(query).query == canonical


def test_a_plus_in_a_format_survives_the_address():
    form = form_of("engine=llama.cpp&weights=gguf-q4_0%2Bimatrix")
    assert "weights=gguf-q4_0%2Bimatrix" in form.query
    assert form_of(form.query).deployment == form.deployment


# results -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", MODULES)
@pytest.mark.parametrize("model", MODELS)
def test_every_engine_and_model_is_answered(client, engine, model):
    query = f"?model={model}&engine={engine}&gpu={'m4-max-64gb' if engine == 'mlx' else 'h100-80gb'}"
    page, fragment = client.get(PAGE + query), client.get(FRAGMENT + query)
    assert page.status_code == fragment.status_code == 200
    for response in (page, fragment):
        assert 'id="verdict"' in response.content.decode()
    assert page.context["result"].estimate == size(
        deployment_of({"model": model, "engine": engine} | page_cards(engine))
    )


def page_cards(engine):
    return {"gpu": "m4-max-64gb" if engine == "mlx" else "h100-80gb"}


def test_the_page_shows_the_bytes_of_the_sizing_engine(client):
    query = "model=qwen3-235b-a22b&engine=vllm@0.19.0&weights=gptq-int4&gpu=h100-80gb&gpus=2&context=32768"
    text = client.get(f"{PAGE}?{query}").content.decode().replace("\u00a0", " ")
    estimate = size(form_of(query).deployment)
    for part in estimate.memory.gpus[0].parts:
        assert f"{part.bytes / 2**30:,.1f} GiB" in text
    assert "69.2 GiB" in text and "88,448" in text  # as community/sizing/README.md works it out
    assert result_of(query).command in unescape(text)


def test_units_are_never_mixed(client):
    text = client.get(f"{FRAGMENT}?unit=GB").content.decode()
    assert "GiB" not in text and "\u00a0GB" in text
    assert "\u00a0GB" not in client.get(FRAGMENT).content.decode()


@pytest.mark.parametrize("query", [
    "model=deepseek-r1&engine=vllm&weights=fp8&gpu=h100-80gb&gpus=8",
    "model=qwen3-8b&engine=sglang&weights=bf16&gpu=rtx-4090",
    "model=qwen3-235b-a22b&engine=llama.cpp&weights=gguf-q4_k_m&gpu=rtx-4090&gpus=2",
    "model=llama-3-70b&engine=exllamav3&weights=exl3-8.0&gpu=rtx-4090&gpus=2",
])  # fmt: skip
def test_every_suggestion_leads_where_it_says(client, query):
    result = result_of(query)
    assert result.suggestions
    for suggestion, link in zip(result.estimate.suggestions, result.suggestions, strict=True):
        changed = with_change(result.deployment, suggestion.change)
        assert size(changed).verdict == suggestion.verdict
        assert form_of(link["query"]).deployment == changed
        assert link["words"]
        escaped = link["query"].replace("&", "&amp;")
        assert f"{PAGE}?{escaped}" in client.get(f"{PAGE}?{query}").content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("engine=llama.cpp", "들어가요 · GPU에"),
        ("", "들어가요 · 엔진이 잡는 몫에"),
        ("gpu=h100-80gb&gpus=2", "들어가요 · GPU마다 엔진이 잡는 몫에"),
        ("model=deepseek-r1&weights=fp8&gpu=h100-80gb&gpus=8", "H100 SXM 12장이면 들어가요"),
        ("weights=exl2-4.0", "못 띄워요 · "),
        ("engine=tgi", "판단할 수 없어요 · "),
        ("model=qwen3-235b-a22b&engine=llama.cpp", "일부를 시스템 메모리에 두면 떠요 · 많이 느려져요"),
    ],
)
def test_the_verdict_in_words(query, said):
    result = result_of(query)
    assert said in f"{result.words} · {result.detail}"


def test_unequal_cards_have_unequal_bars(client):
    text = client.get(f"{FRAGMENT}?engine=llama.cpp&model=qwen3-32b&gpu=rtx-4090,rtx-3060-12gb").content.decode()
    bars = re.findall(r'<svg class="memory-bar".*?</svg>', text)
    assert len(bars) == 3  # the table of embeddings stands in system memory
    assert bars[0] != bars[1]


def test_a_thousand_cards_are_answered_in_few_bytes(client):
    text = client.get(f"{FRAGMENT}?model=deepseek-r1&weights=fp8&gpu=h100-80gb&gpus=256&pp=32&tp=8").content.decode()
    assert text.count('class="memory-bar"') <= 8
    assert len(text) < 60_000


def test_a_long_command_is_the_same_command():
    result = result_of("model=qwen3-235b-a22b&engine=llama.cpp&gpu=rtx-4090,rtx-3090:2")
    assert "\\\n" in result.command
    assert shlex.split(result.command.replace("\\\n", "")) == shlex.split(result.estimate.command)


def test_batch_limits_and_eager_mode_reach_the_engine():
    plain, bound = result_of(""), result_of("max_num_seqs=16&max_num_batched_tokens=1024&eager=1")
    assert bound.needed < plain.needed
    for flag in ("--max-num-seqs 16", "--max-num-batched-tokens 1024", "--enforce-eager"):
        assert flag in bound.estimate.command
    assert "-ub 256" in result_of("engine=llama.cpp&ubatch=256").estimate.command


def needed_values(client, query):
    """The bytes in every <data class="needed"> of the page."""
    elements = Page(client.get(f"{PAGE}?{query}").content.decode()).elements
    return [int(values["value"]) for tag, values in elements if tag == "data" and values.get("class") == "needed"]


@pytest.mark.parametrize("query", ["", "gpu=h100-80gb&gpus=2", "engine=llama.cpp&gpu=rtx-4090,rtx-3060-12gb&unit=GB"])
def test_needed_memory_is_the_sum_over_the_gpus(client, query):
    found = needed_values(client, query)
    assert len(found) >= 2  # the breakdown's total and the line at the foot of the form
    assert set(found) == {sum(gpu.needed for gpu in size(form_of(query).deployment).memory.gpus)}


@pytest.mark.parametrize("engine", MODULES)
def test_the_trial_request_goes_to_the_model_that_was_launched(engine):
    result = result_of(f"engine={engine}&gpu={'m4-max-64gb' if engine == 'mlx' else 'rtx-4090'}")
    words = shlex.split(result.trial.replace("\\\n", ""))
    assert words[0] == "curl" and words[1].endswith("/v1/chat/completions")
    model = json.loads(words[words.index("-d") + 1])["model"]
    assert model in shlex.split(result.estimate.command) or model == "tgi"
    assert set(SERVERS) == set(MODULES)


def test_no_trial_request_without_a_server():
    assert result_of("engine=mlx&gpu=m4-max-64gb&kv=mlx-8bit").trial == ""  # a command that only generates
    assert result_of("weights=exl2-4.0").trial == ""  # refused: nothing is launched


def test_a_model_made_for_its_settings_is_asked_by_its_own_name():
    result = result_of("engine=ollama&gpu_layers=10")
    assert "ollama run sized" in result.command and '"model": "sized"' in result.trial


def test_the_shared_fields_are_the_same_after_any_form():
    """Forms share their fields: what one changed, every reader after it would meet, in other threads too."""

    def state():
        fields = CalculatorForm.base_fields.values()
        return [repr(sorted((name, str(value)) for name, value in vars(part).items())) for field in fields
                for part in (field, field.widget)]  # fmt: skip

    queries = [
        "",
        "context=0&gpus=x&unit=zz",
        "of=vllm&engine=llama.cpp&model=nope",
        "engine=ollama&eager=1&needed=NaN",
    ]
    before, alone = state(), {query: form_of(query).errors.as_json() for query in queries}
    with ThreadPoolExecutor(8) as pool:
        together = pool.map(lambda query: (query, form_of(query).errors.as_json()), queries * 25)
        assert all(alone[query] == errors for query, errors in together)
    assert state() == before
    assert form_of("").fields is not CalculatorForm.base_fields


def test_the_breakdown_shows_the_card_that_ollama_chose_of_many():
    cards = ["t4", "rtx-3060-12gb", "rtx-4080", "rtx-5070-ti", "a100-40gb", "h100-nvl"]
    table = result_of(f"model=llama-3.1-8b&engine=ollama&weights=gguf-q4_k_m&gpu={','.join(cards)}").breakdown
    assert table.heads[0] == "GPU 5" and table.unlisted == 5
    assert all(row.amounts[0] == row.amounts[-1] for row in table.rows)


# words -------------------------------------------------------------------------------------------------------------


def test_every_code_of_the_sizing_engine_has_words():
    source = "\n".join(path.read_text() for path in SIZING.rglob("*.py"))
    codes = set(re.findall(r'Reason\(\s*"(\w+)"', source))
    assert len(codes) > 20
    codes |= {"engine_cannot_run", "support_not_known", "runs_with_condition"}
    assert codes - set(words.REASONS) == set()
    suggested = set(re.findall(r'yield "(\w+)",', (SIZING / "suggestions.py").read_text()))
    assert suggested | {"smaller_format_on_more_gpus"} == set(words.SUGGESTIONS)
    conditions = set(re.findall(r'^condition = "(\w+)"', (SIZING / "data" / "compatibility.toml").read_text(), re.M))
    assert conditions | set(CONDITIONAL) == set(words.CONDITIONS)
    assert set(words.VERDICTS) == set(Verdict)
    assert set(words.ENGINES) == set(MODULES)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("engine", sorted(MODULES))
def test_every_reason_can_be_said(engine, model):
    for cards in ("t4", "rtx-4090:3", "m4-max-64gb", "mi300x"):
        for kv in ("", "q8_0"):
            asked = {
                "model": model,
                "engine": engine,
                "gpu": cards,
                "requests": 7,
                "kv": kv if takes(engine, "kv") else "",
            }
            try:
                estimate = size(deployment_of(asked))
            except InputError:
                continue
            for reason in estimate.reasons:
                assert words.reason_words(reason, words.amount_in("GiB"))
            for suggestion in estimate.suggestions:
                assert words.suggestion_words(suggestion)


def test_reasons_carry_their_values():
    said = words.reason_words(
        Reason("context_beyond_model", {"context": 65536, "model": 40960}), words.amount_in("GiB")
    )
    assert "65,536" in said and "40,960" in said


# the form ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("model=nope", "model"),
        ("engine=nope", "engine"),
        ("engine=vllm@", "engine"),
        ("engine=vllm@99.0", "engine"),
        ("engine=vllm&version=99.0&of=vllm", "version"),
        ("weights=nope", "weights"),
        ("gpu=nope", "gpu"),
        ("gpu=rtx-4090,", "gpu"),
        ("gpu=rtx-4090:0", "gpu"),
        ("gpu=rtx-4090:9999", "gpu"),
        ("gpu=rtx-4090,m4-max-64gb", "gpu"),
        ("gpu=rtx-4090,rtx-3090&gpus=2", "gpus"),
        ("gpus=0", "gpus"),
        ("gpus=x", "gpus"),
        ("gpus=99999", "gpus"),
        ("context=0", "context"),
        ("context=-1", "context"),
        ("context=1e9", "context"),
        ("requests=0", "requests"),
        ("kv=nope", "kv"),
        ("utilization=0", "utilization"),
        ("utilization=2", "utilization"),
        ("utilization=nan", "utilization"),
        ("tp=3", "tp"),
        ("tp=0", "tp"),
        ("ep=2", "ep"),
        ("engine=llama.cpp&utilization=0.9", "utilization"),
        ("engine=llama.cpp&gpu_layers=-1", "gpu_layers"),
        ("engine=llama.cpp&cpu_moe=1", "cpu_moe"),
        ("unit=MB", "unit"),
    ],
)
def test_a_wrong_value_is_said_at_its_field(client, query, field):
    form = form_of(query)
    assert set(form.errors) == {field}
    page, fragment = client.get(f"{PAGE}?{query}"), client.get(f"{FRAGMENT}?{query}")
    assert page.status_code == fragment.status_code == 200
    assert "표시한 칸을 고쳐 주세요" in page.content.decode()
    assert fragment["HX-Reswap"] == "none"
    if field != "unit":
        marked = [values for _tag, values in Page(page.content.decode()).elements if "aria-invalid" in values]
        assert [values["id"] for values in marked] == [field] or field == "cpu_moe"
    assert f'<li data-field="{field}">' in fragment.content.decode()


def test_several_errors_are_all_said():
    assert set(form_of("model=nope&gpu=nope&context=0").errors) == {"model", "gpu", "context"}


def test_what_the_button_sends_is_answered_at_the_canonical_address(client):
    sent = "model=qwen3-8b&engine=vllm&weights=bf16&gpu=rtx-4090&gpus=1&context=8192&requests=1&of=vllm&version=&kv="
    response = client.get(f"{PAGE}?{sent}")
    assert response.status_code == 302
    assert response["Location"] == f"{PAGE}?model=qwen3-8b&engine=vllm&weights=bf16&gpu=rtx-4090"
    query = Page(client.get(f"{FRAGMENT}?{sent}").content.decode()).elements[0][1]["data-query"]
    assert f"{PAGE}?{query}" == response["Location"]


def test_another_engine_lets_go_of_what_only_the_last_one_knows():
    form = form_of("engine=llama.cpp&of=vllm&weights=awq-4bit&utilization=0.9&tp=1&version=0.19.0")
    assert form.query == "model=qwen3-8b&engine=llama.cpp&weights=gguf-q4_k_m&gpu=rtx-4090"
    kept = form_of("engine=sglang&of=vllm&weights=awq-4bit&utilization=0.8")
    assert kept.query == "model=qwen3-8b&engine=sglang&weights=awq-4bit&gpu=rtx-4090&utilization=0.8"


def test_only_formats_the_engine_reads_are_offered(client):
    form = form_of("engine=vllm")
    offered = [*form.formats.readable, *form.formats.unsure]
    assert "bf16" in offered and "exl2-4.0" not in offered
    text = client.get(PAGE).content.decode()
    assert "읽지 못해 뺐어요" in text and '<option value="exl2-4.0"' not in text
    assert "exl2-4.0" in client.get(f"{PAGE}?weights=exl2-4.0").content.decode()  # what was asked for stays chosen


@pytest.mark.parametrize("engine", MODULES)
def test_fields_are_those_the_engine_takes(engine):
    shown = [field["name"] for field in form_of(f"engine={engine}").settings]
    assert shown == [name for name in SETTINGS if takes(engine, name)]


def test_shown_values_are_those_of_the_deployment():
    form = form_of("engine=vllm@0.19.0&gpu=rtx-4090:2")
    assert form.shown | {"engine": "vllm@0.19.0"} == values_of(form.deployment) | {"version": "0.19.0"}


NAMES = [*CalculatorForm.base_fields, "x", "model[]", ""]
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    ["-1", "0", "1", "2", "1e400", "NaN", "inf", "9" * 30, "0" * 300, "²", "٣", "1_0", " 1 ", "vllm@1", "vllm@@", "tgi",
     "llama.cpp", "rtx-4090:²", "rtx-4090,,", "rtx-4090:256", "m4-max-64gb", ":", ",", "@", "%00", "\u202e",
     "q8_0/q4_0", "/", "fp8", "gguf-q4_0+imatrix", "exl2-0.1", "exl2-" + "9" * 40, "gpt-oss-120b", "2026-11-20", "GB"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(st.sampled_from(NAMES), TEXTS), min_size=1, max_size=8))
def test_no_query_string_breaks_the_calculator(client, pairs):
    """Any value for any parameter, also repeated: an answer, or a refusal that names the field."""
    query = urlencode(pairs)
    for path in (PAGE, FRAGMENT):
        response = client.get(f"{path}?{query}")
        assert response.status_code in (200, 302, 400)
        text = response.content.decode()
        if response.status_code == 200 and 'id="verdict"' not in text:
            assert "표시한 칸을 고쳐 주세요" in text if path == PAGE else '<li data-field="' in text


def test_values_that_are_allowed_alone_are_answered_or_refused_together():
    """Every pair of settings on every engine."""
    for engine in MODULES:
        for (one, first), (other, second) in combinations(VALUES.items(), 2):
            form = form_of(urlencode({"engine": engine, one: first, other: second, "gpu": "rtx-4090", "gpus": 6}))
            assert form.estimate or form.said, (engine, one, other)


def test_a_fragment_that_is_kept_says_the_address_it_is_asked_at(client):
    texts = {host: client.get(FRAGMENT, headers={"host": host}).content.decode() for host in ("localhost", "127.0.0.1")}
    for host, text in texts.items():
        assert f"http://{host}/calculator/?" in text
    assert texts["localhost"].replace("localhost", "127.0.0.1") == texts["127.0.0.1"].replace("localhost", "127.0.0.1")


@pytest.mark.parametrize("path", [PAGE, FRAGMENT])
def test_no_cookie(client, path):
    """Without the database, as every test here: the calculator asks it nothing."""
    response = client.get(path)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
