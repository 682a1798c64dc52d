"""The table of engines, formats and cards: every row can be read, and the rules that people get wrong."""

import pytest

from community.sizing import catalog
from community.sizing.compatibility import CONDITIONAL, FAMILIES, SCHEMES, check
from community.sizing.engines import MODULES
from community.sizing.formats import parse_format
from community.sizing.versions import parse_version


def support(engine, version, weights, card, model="qwen3-8b"):
    return check(engine, version, parse_format(weights), catalog.device(card), catalog.model(model).architecture)


@pytest.mark.parametrize(
    ("engine", "version", "weights", "card", "model", "verdict"),
    [
        ("vllm", "0.10.2", "gptq-int4", "h100-80gb", "qwen3-235b-a22b", "yes"),
        ("vllm", "0.10.1", "gptq-int4", "h100-80gb", "qwen3-235b-a22b", "no"),
        ("vllm", "0.10.1", "gptq-int4", "h100-80gb", "qwen3-32b", "yes"),
        ("vllm", "", "gptq-int8", "h100-80gb", "qwen3-235b-a22b", "unknown"),
        ("tgi", "3.3.7", "bf16", "h100-80gb", "qwen3-235b-a22b", "no"),
        ("tgi", "3.3.7", "bf16", "h100-80gb", "llama-3-70b", "yes"),
        ("vllm", "", "exl2-4.65", "h100-80gb", "llama-3-70b", "no"),
        ("vllm", "", "exl3-4.0", "rtx-4090", "llama-3-70b", "no"),
        ("vllm", "0.5.4", "gguf-q4_k_m", "rtx-4090", "llama-3-70b", "no"),
        ("vllm", "0.23.0", "gguf-q4_k_m", "rtx-4090", "llama-3-70b", "yes"),
        ("llama.cpp", "", "gguf-q4_k_m", "h100-80gb", "qwen3-235b-a22b", "yes"),
        ("llama.cpp", "", "awq-4bit", "h100-80gb", "llama-3-70b", "no"),
        ("exllamav2", "", "exl3-4.0", "rtx-4090", "llama-3-70b", "no"),
        ("exllamav3", "", "exl2-4.0", "rtx-4090", "llama-3-70b", "no"),
        ("ollama", "0.12.7", "gguf-q4_k_m", "rtx-4090", "qwen3-vl-32b", "yes"),
        ("ollama", "0.12.6", "gguf-q4_k_m", "rtx-4090", "qwen3-vl-32b", "no"),
        ("mlx", "", "mlx-4bit", "m4-max-128gb", "qwen3-8b", "yes"),
        ("mlx", "", "mlx-4bit", "rtx-4090", "qwen3-8b", "no"),
        ("vllm", "", "awq-4bit", "b200", "qwen3-8b", "unknown"),
        ("sglang", "", "nvfp4", "h100-80gb", "qwen3-8b", "no"),
    ],
)
def test_verdicts(engine, version, weights, card, model, verdict):
    found = support(engine, version, weights, card, model)
    assert found.verdict == verdict
    assert found.checked
    assert found.source or verdict == "unknown"


@pytest.mark.parametrize(
    ("engine", "version", "weights", "card", "model", "condition"),
    [
        ("vllm", "", "fp8", "rtx-3090", "qwen3-8b", "weight_only"),
        ("vllm", "0.24.0", "gguf-q4_k_m", "rtx-4090", "qwen3-8b", "needs_plugin"),
        ("vllm", "0.23.0", "gguf-q4_k_m", "rtx-4090", "qwen3-8b", ""),
        ("llama.cpp", "", "gguf-q4_k_m", "rtx-4090", "qwen3-30b-a3b", "no_row_split"),
        ("llama.cpp", "", "awq-4bit", "rtx-4090", "qwen3-8b", "convert_to_gguf"),
        ("tgi", "", "bf16", "h100-80gb", "llama-3-70b", "maintenance_mode"),
    ],
)
def test_conditions(engine, version, weights, card, model, condition):
    assert support(engine, version, weights, card, model).condition == condition


def test_between_the_last_good_and_the_first_bad_version_nobody_knows():
    answers = [support("vllm", version, "bf16", "v100-32gb").verdict for version in ("0.14.0", "0.20.0", "0.23.1")]
    assert answers == ["yes", "unknown", "no"]


def test_since_is_told():
    assert support("vllm", "0.10.1", "gptq-int4", "h100-80gb", "qwen3-235b-a22b").since == "0.10.2"


def test_an_engine_without_a_row_is_unknown():
    assert support("exllamav3", "", "w4a16", "b200").verdict == "no"
    assert support("lmdeploy", "", "fp8", "b200").verdict == "unknown"


def test_every_row_can_be_used():
    hardware = {*FAMILIES.values(), "amd", "apple"}
    for row in catalog.compatibility()["format"]:
        assert row["engine"] in MODULES
        assert set(row["formats"]) <= {*SCHEMES.values()}
        named = [kind for verdict in ("yes", *CONDITIONAL, "no", "ended") for kind in row.get(verdict, ())]
        assert set(named) <= hardware
        assert len(named) == len(set(named))
        assert all(name in catalog.compatibility()["sources"] for name in row["sources"])
        parse_version(row.get("since", "0.0"))


def test_each_engine_and_format_has_one_row():
    pairs = [(row["engine"], name) for row in catalog.compatibility()["format"] for name in row["formats"]]
    assert len(pairs) == len(set(pairs))


def test_every_card_of_the_catalogue_gets_an_answer():
    for device in catalog.devices():
        for engine in MODULES:
            found = check(engine, "", parse_format("bf16"), device, catalog.model("qwen3-8b").architecture)
            assert found.verdict in ("yes", "no", "unknown")
