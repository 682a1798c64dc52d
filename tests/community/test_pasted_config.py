"""A pasted config.json: the catalogue's own bytes, errors at their field, nothing stored and no address."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.calculator.config.pasted import PASTED, PastedForm
from community.calculator.config.words import config_words
from community.sizing import InputError, catalog, size
from community.sizing.architecture import Architecture
from community.sizing.architecture.fields import LARGEST_CONFIG
from community.sizing.size import needed_bytes

from .guest_forms import send

PATH = "/calculator/config/"
QWEN3, MOE = dict(catalog.model("qwen3-8b").config), dict(catalog.model("qwen3-30b-a3b").config)


def make_form(config, **fields):
    text = config if isinstance(config, str) else json.dumps(config)
    form = PastedForm({"config": text, "of": fields.get("engine", "vllm"), **fields})
    form.is_valid()
    return form


def make_error(config):
    [error] = make_form(config).errors["config"]
    return error


@pytest.mark.parametrize(
    "name", ["qwen3-8b", "qwen3-30b-a3b", "gemma-3-27b", "deepseek-v3", "gpt-oss-120b", "qwen3-vl-32b"]
)
def test_it_gives_the_bytes_of_the_catalogue(name):
    form = make_form(dict(catalog.model(name).config), gpu="h100-80gb", gpus="8", context="4096")
    own = form.deployment
    assert own and own.model == PASTED and own.hub_name == ""
    assert own.architecture == catalog.model(name).architecture
    assert needed_bytes(form.estimate.memory) == needed_bytes(size(own).memory) > 0


def test_the_page_shows_the_result_without_an_address():
    fields = {"config": json.dumps(QWEN3), "of": "vllm", "engine": "vllm", "gpu": "rtx-4090", "context": "4096"}
    source = send(PATH, fields).content.decode()
    needed = needed_bytes(make_form(QWEN3, gpu="rtx-4090", context="4096").estimate.memory)
    assert re.findall(r'class="needed" value="(\d+)"', source) == [str(needed)]
    assert "붙여 넣은 설정은 저장하지 않아서 이 결과에는 주소가 없어요" in source
    assert "붙여 넣은 config.json(qwen3)" in source
    assert "?model=" not in source
    assert json.dumps(QWEN3).replace('"', "&quot;") in source, "the form keeps the text"


def test_suggestions_are_words_and_no_links():
    form = make_form(MOE, gpu="rtx-4090", weights="bf16")
    found = form.result
    assert found.query == ""
    assert found.suggestions and not any("query" in change for change in found.suggestions)
    source = send(PATH, {"config": json.dumps(MOE), "of": "vllm", "gpu": "rtx-4090"}).content.decode()
    assert found.suggestions[0]["words"] in source
    assert 'class="button" href="/calculator/?' not in source


def test_another_engine_lets_go_what_only_the_last_one_knows():
    form = make_form(QWEN3, engine="llama.cpp", of="vllm", weights="bf16", utilization="0.9")
    assert form.deployment.engine == "llama.cpp" and form.deployment.weights.id == "gguf-q4_k_m"
    assert form.deployment.options.gpu_memory_utilization is None


# errors --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("", "붙여 넣어 주세요"),
        ('{\n  "a": 1,\n  b\n}', "3번째 줄 3번째 글자"),
        ("{", "1번째 줄 2번째 글자"),
        ('{"a": ' + "9" * 5_000 + "}", "자릿수가 너무 많은 수"),
        ("[]", "JSON 객체가 아니에요"),
        ('{"a":' * 20_000 + "1" + "}" * 20_000, "너무 깊이"),
        ('{"model_type": "qwen3\0"}', "쓸 수 없는 글자"),
        ({}, "model_type 필드가 없어요"),
        ({**QWEN3, "model_type": "qwen9"}, "model_type 'qwen9'은(는) 아직 몰라요. 가까운 이름: qwen3"),
        ({**QWEN3, "hidden_size": None}, "hidden_size 필드가 없어요. 정수여야 해요."),
        ({**QWEN3, "hidden_size": "4096"}, "쓸 수 없는 값이 있어요('4096'). 1–1,000,000,000 사이의 정수여야 해요."),
        ({**QWEN3, "hidden_size": float("nan")}, "쓸 수 없는 값이 있어요(nan)"),
        ({**QWEN3, "num_key_value_heads": 5}, "num_attention_heads의 약수여야 해요"),
        ({**QWEN3, "tie_word_embeddings": "no"}, "true나 false여야 해요"),
        ({**QWEN3, "layer_types": ["full_attention"]}, "층 수와 맞지 않거나"),
        ({**MOE, "num_experts_per_tok": 129}, "전문가"),
        ({**MOE, "mlp_only_layers": "x"}, "목록이어야"),
    ],
)  # fmt: skip
def test_errors_say_what_is_wrong_in_korean(config, said):
    assert said in make_error(config)


def test_a_config_that_is_too_large_is_refused():
    assert f"{LARGEST_CONFIG:,}바이트까지" in make_error(" " * (LARGEST_CONFIG + 1))
    response = send(PATH, {"config": json.dumps({**QWEN3, "x": "y" * (LARGEST_CONFIG - 2_000)})})
    assert response.status_code == 200 and 'id="verdict"' in response.content.decode()


def test_browsers_line_ends_do_not_count():
    text = json.dumps(QWEN3)
    spread = "\n" * (LARGEST_CONFIG - len(text)) + text
    assert make_form(spread.replace("\n", "\r\n")).deployment


def wordings():
    """Every wording of the architecture's errors, found by asking for them."""
    senseless = [None, "x", -1, 0, 1.5, True, [], {}, ["x"], [1], 10**9, 7]
    for name in ("qwen3-30b-a3b", "gemma-3-27b", "deepseek-v3.2", "nemotron-h-56b", "qwen3-next-80b-a3b"):
        config = dict(catalog.model(name).config)
        for field in config:
            for value in senseless:
                try:
                    Architecture.from_config({**config, field: value})
                except InputError as error:
                    yield error


def test_every_wording_of_the_engine_has_korean_words():
    errors = {(error.message.split()[0], error.allowed): error for error in wordings()}
    assert len(errors) > 30
    for error in errors.values():
        said = config_words(error)
        assert re.search("[가-힣]", said) and "필드를 읽을 수 없어요" not in said, str(error)
        assert "{" not in re.sub(r"\(.*\)", "", said), said


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.integers(1, 300),
    st.lists(st.integers(), max_size=3), st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip


def nested(inner):
    return st.dictionaries(st.text(max_size=9), inner, max_size=4)


ENGINES = ["vllm", "sglang", "llama.cpp", "ollama", "exllamav3", "mlx", "tensorrt-llm", "tgi"]


@settings(max_examples=60, deadline=2_000)
@given(st.data())
def test_a_hostile_config_is_answered_or_refused_with_the_reason(data):
    config = dict(data.draw(st.sampled_from([QWEN3, MOE, dict(catalog.model("gemma-3-27b").config)])))
    names = data.draw(st.lists(st.sampled_from(sorted(config)), max_size=3))
    config |= {name: data.draw(VALUES) for name in names}
    fields = {"engine": data.draw(st.sampled_from(ENGINES)), "gpus": data.draw(st.sampled_from(["1", "2", "256"]))}
    form = make_form(config, **fields)
    assert form.errors or (form.result and form.result.model_line)


@settings(max_examples=25, deadline=None)
@given(st.one_of(st.text(max_size=200), st.recursive(VALUES, nested).map(json.dumps)))
def test_any_text_is_answered_by_a_page(text):
    response = send(PATH, {"config": text})
    assert response.status_code == 200
    assert 'id="config-error"' in response.content.decode()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_000_000, '{"a":' * 190_000, '"' * 1_000_000, "9" * 1_000_000, '{"x": [' + "1," * 500_000 + "1]}",
        json.dumps({**QWEN3, "layer_types": ["full_attention"] * 50_000}),
        json.dumps({**QWEN3, "num_hidden_layers": 10**9}), json.dumps({**QWEN3, "hidden_size": 10**9}),
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_the_worst_texts_are_refused_or_answered(text):
    form = make_form(text)
    assert form.errors or form.estimate


@pytest.mark.parametrize("engine", ENGINES)
def test_a_model_without_attention_is_answered(engine):
    """Every layer recurrent: no heads to divide by."""
    config = dict(catalog.model("nemotron-h-56b").config)
    config["hybrid_override_pattern"] = "M-" * (config["num_hidden_layers"] // 2)
    form = make_form(config, engine=engine, gpu="h100-80gb", gpus="2")
    assert form.deployment or form.errors
