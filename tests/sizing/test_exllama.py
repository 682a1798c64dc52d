"""ExLlamaV2 and V3 under TabbyAPI."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.sizing.engines import exllama
from community.sizing.errors import InputError
from community.sizing.size import assess
from tests.sizing.local_models import MIB, deployment, needed, verdict

YES = {"fits", "tight"}


@pytest.mark.parametrize("context", [8192, 16_384])
def test_llama_3_70b_on_two_24_gb_cards(context):
    answer = assess(deployment("llama-3-70b", "exl2-4.65", "exllamav2", "rtx-4090+rtx-4090", context))
    assert str(answer.verdict) in YES
    assert ("context_beyond_model" in {reason.code for reason in answer.reasons}) is (context > 8192)


@pytest.mark.parametrize(
    ("engine", "weights", "fits"),
    [
        ("exllamav2", "exl2-2.25", True),
        ("exllamav2", "exl2-3.0", False),
        ("exllamav3", "exl3-2.25", True),
        ("exllamav3", "exl3-3.0", False),
        ("exllamav3", "exl3-4.0", False),
    ],
)
def test_llama_3_70b_on_one_24_gb_card(engine, weights, fits):
    assert (verdict("llama-3-70b", weights, engine, "rtx-4090") in YES) is fits


@pytest.mark.parametrize(("kv", "share"), [("q8", 8.5 / 16), ("q4", 4.5 / 16), ("q4/q8", 6.5 / 16)])
def test_cache_types(kv, share):
    full, quantized = (
        exllama.memory(deployment("qwen2.5-32b", "exl3-4.0", "exllamav3", "rtx-4090", 8192, kv=name)).gpus[0]
        for name in (None, kv)
    )
    assert full.part("kv_cache") == 2048 * MIB
    assert quantized.part("kv_cache") == share * full.part("kv_cache")


def test_the_cache_is_whole_pages():
    memory = exllama.memory(deployment("qwen3-8b", "exl3-4.0", "exllamav3", "rtx-4090", 1000, 2))
    assert memory.kv_pool_tokens == 2 * 1024


def test_the_table_is_in_system_memory():
    memory = exllama.memory(deployment("llama-3-70b", "exl2-4.65", "exllamav2", "rtx-4090+rtx-4090"))
    assert memory.host_bytes == 128_256 * 8192 * 2


def test_unequal_cards():
    memory = exllama.memory(deployment("llama-3-70b", "exl2-4.0", "exllamav2", "rtx-5090+rtx-4070-ti-super"))
    assert all(gpu.needed <= gpu.usable for gpu in memory.gpus)


@settings(max_examples=30, deadline=None)
@given(context=st.integers(1, 60_000), more=st.integers(0, 20_000))
def test_more_context_never_needs_less(context, more):
    sizes = [
        needed(exllama.memory(deployment("qwen3-32b", "exl3-4.0", "exllamav3", "rtx-4090", tokens)))
        for tokens in (context, context + more)
    ]
    assert sizes[0] <= sizes[1]


def test_command():
    asked = deployment("llama-3-70b", "exl2-4.65", "exllamav2", "rtx-4090+rtx-4090", 8192, kv="q8")
    command = exllama.command(asked)
    assert command.startswith(
        "python main.py --backend exllamav2 --model-name PATH-TO-exl2-4.65-WEIGHTS --max-seq-len 8192"
    )
    assert "--cache-size 8192 --cache-mode Q8" in command
    assert "--gpu-split " in command
    three = deployment("qwen3-8b", "exl3-4.0", "exllamav3", "rtx-4090", kv="q4/q8")
    assert "--cache-mode 4,8" in exllama.command(three)


def test_other_cache_types_are_refused_by_name():
    with pytest.raises(InputError, match="q6"):
        exllama.memory(deployment("qwen3-8b", "exl2-4.0", "exllamav2", "rtx-4090", kv="q5"))
