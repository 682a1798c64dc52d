"""TensorRT-LLM: a fraction of what is left, in blocks of 32 tokens."""

import pytest

from community.sizing.engines import tensorrt_llm
from tests.sizing.serving_models import CARDS, codes, deploy

GIB = 2**30


def test_the_pool_is_a_fraction_of_what_is_left():
    """63.44 of 70.48 GiB in docs/source/reference/memory.md, 16.05 of 17.83 in TensorRT-LLM issue 4275."""
    asked = deploy("llama-3.1-8b", "bf16", "tensorrt-llm", "h100-80gb")
    rank = tensorrt_llm.ranks(asked)[0]
    left = CARDS["h100-80gb"].cuda_total - rank.context - rank.weights - rank.activations
    assert rank.pool == int(left * 0.9)
    half = deploy("llama-3.1-8b", "bf16", "tensorrt-llm", "h100-80gb", gpu_memory_utilization=0.45)
    assert tensorrt_llm.ranks(half)[0].pool == pytest.approx(rank.pool / 2, rel=1e-9)


def test_tokens_are_whole_blocks():
    memory = tensorrt_llm.memory(deploy("qwen3-8b", "bf16", "tensorrt-llm", "h100-80gb", context=1000))
    assert memory.kv_pool_tokens % 32 == 0
    assert memory.max_requests == memory.kv_pool_tokens // 1024


def test_too_large_is_refused():
    memory = tensorrt_llm.memory(deploy("qwen3-32b", "bf16", "tensorrt-llm", "rtx-5090"))
    assert not memory.starts
    assert "context_beyond_pool" in codes(memory)


def test_command():
    asked = deploy("qwen3-235b-a22b", "fp8", "tensorrt-llm", "h100-80gb", 8, expert_parallel=8)
    words = tensorrt_llm.command(asked).split()
    assert words[0] == "trtllm-serve"
    assert words[words.index("--tp_size") + 1] == "8"
    assert words[words.index("--ep_size") + 1] == "8"
    assert tensorrt_llm.command(deploy("qwen3-8b", "bf16", "tensorrt-llm", "h100-80gb", version="0.16.0")) == ""


def test_an_fp8_cache_is_set_in_a_file():
    command = tensorrt_llm.command(deploy("qwen3-8b", "bf16", "tensorrt-llm", "h100-80gb", kv="fp8"))
    assert "dtype: fp8" in command
    assert "--extra_llm_api_options" in command
