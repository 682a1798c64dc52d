"""SGLang: the computed fraction, the pool that logs print, and the command."""

import pytest

from community.sizing.engines import sglang
from community.sizing.sharding import Parallel
from tests.sizing.serving_models import codes, deploy

GIB = 2**30


@pytest.mark.parametrize(
    ("gpu", "count", "version", "expected"),
    [
        ("rtx-4090", 1, "0.5.23", 0.704),
        ("h100-80gb", 1, "0.5.23", 0.83),  # 0.828 in SGLang issue 29092
        ("h100-80gb", 1, "0.5.6", 0.836),
        ("h200", 1, "0.5.23", 0.903),
        ("h200", 8, "0.5.23", 0.893),
        ("rtx-4090", 1, "0.5.6", 0.845),
        ("h100-80gb", 1, "0.4.4", 0.88),
        ("h100-80gb", 4, "0.4.4", 0.85),
    ],
)
def test_fraction(gpu, count, version, expected):
    asked = deploy("llama-3.1-8b", "bf16", "sglang", gpu, count, version=version)
    assert sglang.fraction(asked, Parallel(count), sglang.version_of(asked)) == pytest.approx(expected, abs=2.5e-3)


def test_pool_of_llama_8b_on_an_h100_in_0_4_4():
    """54.04 GiB and 442,750 tokens (SGLang PR 4760)."""
    memory = sglang.memory(deploy("llama-3.1-8b", "bf16", "sglang", "h100-80gb", version="0.4.4"))
    assert memory.gpus[0].kv_pool / GIB == pytest.approx(54.04, rel=5e-3)
    assert memory.kv_pool_tokens == pytest.approx(442_750, rel=5e-3)


def test_qwen3_8b_on_an_rtx_5090():
    """Fits at 0.85, and reserves about 27.1 GiB of which it needs about 17."""
    memory = sglang.memory(deploy("qwen3-8b", "bf16", "sglang", "rtx-5090", gpu_memory_utilization=0.85))
    assert memory.starts
    assert memory.gpus[0].reserved / GIB == pytest.approx(27.1, abs=0.6)
    assert memory.gpus[0].needed / GIB == pytest.approx(17.5, abs=1.5)


def test_weights_beyond_the_fraction_are_refused():
    memory = sglang.memory(deploy("qwen3-32b", "bf16", "sglang", "rtx-5090"))
    assert not memory.starts
    assert "context_beyond_pool" in codes(memory)
    assert memory.max_context == 0


def test_command_names_the_cache_type_as_sglang_does():
    words = sglang.command(deploy("qwen3-8b", "bf16", "sglang", "h100-80gb", 2, kv="fp8")).split()
    assert words[words.index("--kv-cache-dtype") + 1] == "fp8_e4m3"
    assert words[words.index("--tp-size") + 1] == "2"
    assert "--pp-size" not in words
