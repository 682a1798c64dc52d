"""Ollama: its automatic context, batch and placement over llama.cpp's arithmetic."""

import pytest

from community.sizing import catalog
from community.sizing.engines import llama_cpp, ollama
from community.sizing.errors import InputError
from tests.sizing.local_models import MIB, codes, deployment, verdict


@pytest.mark.parametrize(
    ("cards", "version", "context"),
    [
        (("rtx-4090",), (0, 33, 0), 32_768),  # 23 GiB and more
        (("rtx-4060-ti-16gb",), (0, 33, 0), 4_096),
        (("rtx-4090", "rtx-4090"), (0, 33, 0), 262_144),
        (("rtx-4090",), (0, 12, 0), 4_096),  # before the tiers
    ],
)
def test_automatic_context(cards, version, context):
    assert ollama.automatic_context(tuple(map(catalog.device, cards)), version) == context


@pytest.mark.parametrize(
    ("context", "expected"),
    [(4096, {"fits", "tight"}), (32_768, {"does_not_fit", "fits_with_offload"})],
)
def test_vision_model_on_one_24_gb_card(context, expected):
    assert verdict("qwen3-vl:32b", "gguf-q4_k_m", "ollama", "rtx-4090", context) in expected


def test_an_automatic_context_that_does_not_fit_steps_down():
    memory = ollama.memory(deployment("qwen3-vl-32b", "gguf-q4_k_m", "ollama", "rtx-4090", 32_768))
    assert "automatic_context_steps_down" in codes(memory)


def test_parts_are_those_of_the_log():
    # olla-016: 604.15 MiB of weights, 4,480 of KV cache, 264.04 of compute buffer on an H100.
    gpu = ollama.memory(deployment("qwen3-0.6b", "gguf-q8_0", "ollama", "h100-80gb", 40_960)).gpus[0]
    assert gpu.part("weights") / MIB == pytest.approx(604.15, abs=0.01)
    assert gpu.part("kv_cache") == 4480 * MIB
    assert gpu.part("activations") / MIB == pytest.approx(264.04, abs=0.01)


def test_a_small_model_stays_on_one_gpu_and_a_large_one_takes_all():
    small = ollama.memory(deployment("qwen3-8b", "gguf-q4_k_m", "ollama", "rtx-4090+rtx-3090", 4096))
    assert sorted(gpu.needed > 0 for gpu in small.gpus) == [False, True]
    large = ollama.memory(deployment("llama-3-70b", "gguf-q4_k_m", "ollama", "rtx-4090+rtx-3090", 4096))
    assert all(gpu.needed for gpu in large.gpus)


def test_parallel_requests_multiply_the_context():
    one, four = (
        ollama.memory(deployment("qwen3-8b", "gguf-q4_k_m", "ollama", "rtx-4090", 4096, requests)).gpus[0]
        for requests in (1, 4)
    )
    assert four.part("kv_cache") == 4 * one.part("kv_cache")


def test_needs_what_llama_cpp_needs_with_the_same_batch():
    mine = ollama.memory(deployment("qwen3-8b", "gguf-q4_k_m", "ollama", "rtx-4090", 4096)).gpus[0]
    theirs = llama_cpp.memory(deployment("qwen3-8b", "gguf-q4_k_m", "llama.cpp", "rtx-4090", 4096)).gpus[0]
    assert mine.needed == theirs.needed


def test_command():
    asked = deployment("qwen3-8b", "gguf-q4_k_m", "ollama", "rtx-4090", 16_384, 2, kv="q8_0")
    assert ollama.command(asked) == (
        "OLLAMA_CONTEXT_LENGTH=16384 OLLAMA_NUM_PARALLEL=2 OLLAMA_KV_CACHE_TYPE=q8_0 OLLAMA_FLASH_ATTENTION=1 "
        "ollama serve\nollama run PATH-TO-gguf-q4_k_m-WEIGHTS"
    )
    old = deployment("qwen3-8b", "gguf-q4_k_m", "ollama", "rtx-4090", version="0.5.7")
    assert "OLLAMA_CONTEXT_LENGTH" not in ollama.command(old)


def test_other_cache_types_are_refused_by_name():
    with pytest.raises(InputError, match="q8_0"):
        ollama.memory(deployment("qwen3-8b", "gguf-q4_k_m", "ollama", "rtx-4090", kv="q5_1"))
