"""MLX on Macs: unified memory with its limit."""

import pytest

from community.sizing.engines import mlx
from community.sizing.errors import InputError
from tests.sizing.local_models import codes, deployment, verdict


def test_weights_are_those_that_metal_reports():
    # mlx-011: 15.13 GB active for a 27B at 4 bit, no vision tower and no prediction layer.
    gpu = mlx.memory(deployment("qwen3.5-27b", "mlx-4bit", "mlx", "m3-ultra-256gb", 8112)).gpus[0]
    assert gpu.part("weights") / 1e9 == pytest.approx(15.13, abs=0.01)


@pytest.mark.parametrize(
    ("peak", "model", "weights", "context"),
    [
        (3.30, "qwen3-4b-instruct-2507", "mlx-4bit", 2176),  # mlx-014
        (9.111, "mistral-7b-v0.1", "mlx-4bit", 33_898),  # mlx-016
        (12.354, "gpt-oss-20b", "mlx-mxfp4-q8", 2560),  # mlx-020
        (19.08, "qwen3.5-27b", "mlx-4bit", 8112),  # mlx-011
    ],
)
def test_peak_of_a_long_prompt(peak, model, weights, context):
    gpu = mlx.memory(deployment(model, weights, "mlx", "m3-ultra-256gb", context)).gpus[0]
    assert gpu.needed / 1e9 == pytest.approx(peak, rel=0.05)


def test_sliding_windows_stop_growing():
    short, long = (
        mlx.memory(deployment("gpt-oss-20b", "mlx-4bit", "mlx", "m4-max-128gb", context)).gpus[0].part("kv_cache")
        for context in (8192, 16_384)
    )
    assert short < long < 2 * short


def test_the_limit_of_unified_memory_decides():
    assert verdict("llama-3-70b", "mlx-4bit", "mlx", "m4-max-128gb") == "fits"
    assert verdict("qwen3-235b-a22b", "mlx-4bit", "mlx", "m4-max-128gb") == "does_not_fit"


def test_a_quantized_cache_is_not_for_the_server():
    asked = deployment("qwen3-8b", "mlx-4bit", "mlx", "m4-max-128gb", kv="mlx-8bit")
    assert "kv_bits_not_in_server" in codes(mlx.memory(asked))
    assert "--kv-bits 8 --kv-group-size 64" in mlx.command(asked)
    plain = mlx.command(deployment("qwen3-8b", "mlx-4bit", "mlx", "m4-max-128gb"))
    assert plain == "mlx_lm.server --model PATH-TO-mlx-4bit-WEIGHTS --host 127.0.0.1 --port 8080"


def test_one_mac_only():
    with pytest.raises(InputError, match="one"):
        mlx.memory(deployment("qwen3-8b", "mlx-4bit", "mlx", "m4-max-128gb+m4-max-128gb"))
