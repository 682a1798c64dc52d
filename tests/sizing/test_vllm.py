"""vLLM: what its logs print, what fits, what it refuses, and the command."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.sizing import catalog
from community.sizing.engines import vllm
from community.sizing.errors import InputError
from tests.sizing.serving_models import CARDS, codes, deploy

GIB = 2**30


def rank(*args, **kwargs):
    return vllm.ranks(deploy(*args, engine="vllm", **kwargs))[0]


def test_llama_8b_on_an_h100_as_0_19_logged_it():
    """weights 14.99, activations 1.89, outside torch 0.25, pool 58.11 GiB, 476,016 tokens (llm-d-planner PR 205)."""
    found = rank("llama-3.1-8b", "bf16", gpu="h100-80gb", version="0.19.0", gpu_memory_utilization=0.95)
    assert found.weights / GIB == pytest.approx(14.99, rel=2e-3)
    assert found.activations / GIB == pytest.approx(1.89, rel=1e-2)
    assert found.pool / GIB == pytest.approx(58.11, rel=2e-3)
    assert found.blocks * 16 == pytest.approx(476_016, rel=2e-3)


def test_gemma_2_shares_its_blocks_between_windows_and_full_layers():
    """Pool 66.47 GiB is 83,770 blocks and 670,160 tokens in the log of 0.19.0 on an H100."""
    asked = deploy("gemma-2-2b", "bf16", "vllm", "h100-80gb", version="0.19.0", gpu_memory_utilization=0.95)
    assert vllm.ranks(asked)[0].blocks == pytest.approx(83_770, rel=3e-3)
    assert vllm.memory(asked).kv_pool_tokens == pytest.approx(670_160, rel=3e-3)


@pytest.mark.parametrize(
    ("version", "share", "tokens", "sequences", "gpu"),
    [
        ("0.19.0", 0.90, 8192, 1024, "h100-80gb"),
        ("0.33.0", 0.92, 8192, 1024, "h100-80gb"),
        ("0.33.0", 0.92, 2048, 256, "a100-80gb"),
        ("0.19.0", 0.90, 2048, 256, "rtx-4090"),
    ],
)
def test_defaults_by_version_and_card(version, share, tokens, sequences, gpu):
    asked = deploy("qwen3-8b", "bf16", "vllm", gpu, version=version)
    parsed = vllm.version_of(asked)
    assert vllm.utilization(parsed) == share
    assert vllm.batch_defaults(parsed, CARDS[gpu], 8192) == (tokens, sequences)


# rules.md section 6: starts or not, at the engine's own defaults unless said.
STARTS = [
    ("llama-3-70b", "awq-4bit", "l40s", 1, {"gpu_memory_utilization": 0.92}, False),
    ("llama-3-70b", "awq-4bit", "rtx-6000-ada", 1, {"gpu_memory_utilization": 0.92}, True),
    ("qwen3-235b-a22b", "gptq-int4", "h100-80gb", 2, {"tensor_parallel": 2}, True),
    ("qwen3-235b-a22b", "fp8", "h100-80gb", 2, {}, False),
    ("qwen3-235b-a22b", "fp8", "h100-80gb", 4, {"tensor_parallel": 4}, True),
    ("qwen3-235b-a22b", "fp8", "h100-80gb", 8, {"tensor_parallel": 8, "expert_parallel": 8}, True),
    ("qwen3-8b", "bf16", "rtx-5090", 1, {"gpu_memory_utilization": 0.95}, True),
]


@pytest.mark.parametrize(("model", "weights", "gpu", "count", "options", "starts"), STARTS)
def test_starts(model, weights, gpu, count, options, starts):
    memory = vllm.memory(deploy(model, weights, "vllm", gpu, count, **options))
    assert memory.starts is starts, memory.reasons
    assert starts or "context_beyond_pool" in codes(memory)
    assert (memory.max_context >= 8192) is starts


def test_fp8_experts_in_eight_shares_are_no_whole_blocks():
    memory = vllm.memory(deploy("qwen3-235b-a22b", "fp8", "vllm", "h100-80gb", 8, tensor_parallel=8))
    assert not memory.starts
    assert "expert_width_not_divisible" in codes(memory)


def test_seven_gpus_do_not_divide_64_heads():
    memory = vllm.memory(deploy("qwen3-235b-a22b", "bf16", "vllm", "h100-80gb", 7, tensor_parallel=7))
    assert not memory.starts
    assert "heads_not_divisible" in codes(memory)


def test_what_the_5090_report_reads_as_used():
    """0.95 of an RTX 5090 is about 31 GiB reserved; the model needs about 17."""
    gpu = vllm.memory(deploy("qwen3-8b", "bf16", "vllm", "rtx-5090", gpu_memory_utilization=0.95)).gpus[0]
    assert gpu.reserved / GIB == pytest.approx(31.2, abs=0.8)
    assert gpu.needed / GIB == pytest.approx(17.5, abs=1.5)


def test_pool_of_an_awq_70b_on_two_cards_of_48_gb():
    """8k tokens need 2.5 GiB: too much for an L40S, not for an RTX 6000 Ada."""
    for gpu, low, high in (("l40s", -0.4, 2.3), ("rtx-6000-ada", 2.7, 5.0)):
        pool = rank("llama-3-70b", "awq-4bit", gpu=gpu, gpu_memory_utilization=0.92).pool
        assert low <= pool / GIB <= high


def test_utilization_beyond_free_memory_is_refused():
    memory = vllm.memory(deploy("qwen3-8b", "bf16", "vllm", "h100-80gb", gpu_memory_utilization=0.999))
    assert "budget_above_free" in codes(memory)


def test_unknown_cache_type_is_a_reason_and_unknown_version_an_error():
    assert "kv_type_not_supported" in codes(vllm.memory(deploy("qwen3-8b", "bf16", "vllm", "h100-80gb", kv="q8_0")))
    with pytest.raises(InputError) as error:
        vllm.memory(deploy("qwen3-8b", "bf16", "vllm", "h100-80gb", version="99.0"))
    assert error.value.field == "engine"


@pytest.mark.parametrize(("gpu", "starts"), [("l40s", False), ("rtx-6000-ada", False), ("h100-80gb", True)])
def test_a_vision_model_of_32b_in_16_bits(gpu, starts):
    architecture = catalog.model("qwen3-vl-32b").architecture
    asked = replace(deploy("qwen3-32b", "bf16", "vllm", gpu, context=4096), architecture=architecture)
    assert vllm.memory(asked).starts is starts


NAMED = {
    "heads_not_divisible", "kv_heads_not_divisible", "expert_width_not_divisible", "width_not_divisible",
    "kv_heads_replicated", "communication_memory",
}  # fmt: skip


@settings(deadline=None, max_examples=80)
@given(
    st.sampled_from(["llama-3-8b", "llama-3-70b", "qwen3-8b", "qwen3-32b", "qwen3-235b-a22b"]),
    st.sampled_from(["bf16", "fp8", "awq-4bit"]),
    st.sampled_from(["h100-80gb", "l40s", "rtx-4090", "rtx-5090"]),
    st.sampled_from([1, 2, 4, 8]),
    st.sampled_from([2048, 8192, 40_960]),
)
def test_twice_the_gpus_turn_a_yes_into_a_no_only_with_a_named_reason(model, weights, gpu, count, context):
    if vllm.memory(deploy(model, weights, "vllm", gpu, count, context)).starts:
        twice = vllm.memory(deploy(model, weights, "vllm", gpu, 2 * count, context))
        assert twice.starts or codes(twice) & NAMED


MODELS = st.sampled_from(["llama-3-8b", "qwen3-8b", "qwen3-30b-a3b", "gemma-2-2b"])


@settings(deadline=None, max_examples=60)
@given(MODELS, st.integers(1, 200_000), st.integers(1, 50_000), st.integers(1, 64))
def test_more_context_or_requests_never_need_less(model, context, more, requests):
    small = vllm.memory(deploy(model, "bf16", "vllm", "h100-80gb", context=context, requests=requests)).gpus[0]
    large = vllm.memory(deploy(model, "bf16", "vllm", "h100-80gb", context=context + more, requests=requests)).gpus[0]
    assert small.part("kv_cache") <= large.part("kv_cache")
    assert large.free == large.usable - max(large.needed, large.reserved)


@settings(deadline=None, max_examples=60)
@given(MODELS, st.integers(1, 100_000), st.integers(1, 64))
def test_the_longest_context_and_most_requests_just_fit(model, context, requests):
    asked = deploy(model, "bf16", "vllm", "a100-80gb", context=context, requests=requests)
    memory, found = vllm.memory(asked), vllm.ranks(asked)[0]
    tokens = vllm.run_of(asked, vllm.version_of(asked)).tokens
    assert found.pages.blocks_of(memory.max_context, tokens) * requests <= found.blocks
    assert found.pages.blocks_of(memory.max_context + 1, tokens) > found.blocks // requests
    assert memory.max_requests * found.pages.blocks_of(context, tokens) <= found.blocks


@pytest.mark.parametrize("version", ["0.4.2", "0.9.2", "0.19.0", "0.33.0"])
def test_command_has_the_flags_that_were_asked_for(version):
    asked = deploy("qwen3-235b-a22b", "fp8", "vllm", "h100-80gb", 8, version=version, expert_parallel=8, kv="fp8")
    words = vllm.command(asked).split()
    assert words[words.index("--tensor-parallel-size") + 1] == "8"
    assert words[words.index("--max-model-len") + 1] == "8192"
    assert words[words.index("--kv-cache-dtype") + 1] == "fp8"
    assert ("--enable-expert-parallel" in words) is (version not in ("0.4.2",))
    assert words[:2] == (["vllm", "serve"] if version != "0.4.2" else ["python", "-m"])


def test_command_quotes_what_a_shell_would_read():
    asked = deploy("qwen3-8b", "bf16", "vllm", "h100-80gb")
    assert "'a b; rm'" in vllm.command(replace(asked, hub_name="a b; rm"))
