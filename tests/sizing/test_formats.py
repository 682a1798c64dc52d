"""Formats: ids, golden sizes, laws."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.sizing.architecture import Architecture
from community.sizing.architecture.tensors import Tensor
from community.sizing.errors import InputError
from community.sizing.formats import FORMATS, parse_format, weigh

CONFIGS = json.loads((Path(__file__).parent / "format_configs.json").read_text())
MODELS = {
    "llama": "meta-llama/Meta-Llama-3-70B-Instruct",
    "8b": "Qwen/Qwen3-8B",
    "32b": "Qwen/Qwen3-32B",
    "30b": "Qwen/Qwen3-30B-A3B",
    "235b": "Qwen/Qwen3-235B-A22B",
}
ARCHITECTURES = {name: Architecture.from_config(CONFIGS[config]) for name, config in MODELS.items()}
LLAMA_31 = Architecture.from_config(CONFIGS["meta-llama/Llama-3.1-70B-Instruct"])
# Layers of every kind: dense, experts, shared experts, latent attention, recurrent, vision tower, prediction layers.
VARIED = [
    Architecture.from_config(CONFIGS[name])
    for name in (
        "Qwen/Qwen3-8B",
        "deepseek-ai/DeepSeek-V2-Lite",
        "Qwen/Qwen3.5-35B-A3B",
        "openai/gpt-oss-20b",
        "google/gemma-3-4b-it",
    )
]

# rules.md of the issue, section 1: GB of tensor bytes for the models above, in their order.
CHECK = {
    "bf16": (141.107, 16.381, 65.524, 61.064, 470.187),
    "fp8": (72.665, 9.437, 34.322, 31.171, 236.417),
    "awq-4bit": (39.768, 6.098, 19.325, 16.803, 124.055),
    "gptq-int4": (39.793, 6.104, 19.341, 16.924, 124.531),
    "exl2-4.65": (42.679, 5.749, 20.279, 18.259, 137.707),
    "mlx-4bit": (39.688, 4.608, 18.430, 17.175, 132.241),
    "gguf-q4_k_m": (42.513, 5.022, 19.756, 18.551, 142.148),
    "gguf-q5_k_m": (49.942, 5.845, 23.209, 21.720, 166.808),
    "gguf-q6_k": (57.880, 6.720, 26.877, 25.087, 193.009),
    "gguf-q8_0": (74.967, 8.704, 34.812, 32.478, 249.934),
}

# Meta-Llama-3.1-70B-Instruct-GGUF of bartowski on Hugging Face, GB.
LLAMA_FILES = {
    "q8_0": 74.98, "q6_k": 57.89, "q5_k_m": 49.95, "q5_k_s": 48.66, "q4_k_m": 42.52, "q4_k_s": 40.35,
    "q4_0+imatrix": 40.12, "iq4_xs+imatrix": 37.90, "q3_k_l": 37.14, "q3_k_m": 34.27, "q3_k_s": 30.91, "q2_k": 26.38,
}  # fmt: skip


@pytest.mark.parametrize("format_id", CHECK)
def test_the_check_table(format_id):
    found = [weigh(ARCHITECTURES[name], parse_format(format_id)).weights_bytes for name in MODELS]
    assert tuple(round(size / 1e9, 3) for size in found) == CHECK[format_id]


@pytest.mark.parametrize("level", LLAMA_FILES)
def test_llama_3_1_70b_files(level):
    found = weigh(LLAMA_31, parse_format(f"gguf-{level}")).file_bytes
    assert found == pytest.approx(LLAMA_FILES[level] * 1e9, rel=0.0005)


def test_two_bits_do_not_get_the_70b_promotion():
    """Both files then leave the same 7,866,944 bytes of metadata."""
    for level, published in (("iq2_xxs", 19_097_389_632), ("q4_k_m", 42_520_398_400)):
        assert published - weigh(LLAMA_31, parse_format(f"gguf-{level}")).weights_bytes == 7_866_944


@pytest.mark.parametrize("format_id", FORMATS)
def test_every_listed_format_weighs_every_architecture(format_id):
    weights = parse_format(format_id)
    for architecture in VARIED:
        found = weigh(architecture, weights)
        assert 0 < found.weights_bytes < found.file_bytes
        assert sum(found.by_kind.values()) == sum(size for _, size in found.tensors) == found.weights_bytes
        assert all(size == weights.bytes_of(tensor, architecture) for tensor, size in found.tensors)


BAD = ["", "q4", "gguf-q4_k_x", "gguf-q4_0+nothing", "exl2-99", "exl2-4-h99", "mlx-7bit", "awq-4bit-g48", 7, None]


@pytest.mark.parametrize("bad", BAD)
def test_an_unknown_format_is_refused(bad):
    with pytest.raises(InputError) as caught:
        parse_format(bad)
    assert caught.value.field == "weights" and caught.value.allowed


def test_the_nearest_formats_are_named():
    with pytest.raises(InputError) as caught:
        parse_format("gguf-q4km")
    assert "gguf-q4_k_m" in caught.value.allowed


@given(st.floats(1, 8), st.floats(1, 8), st.sampled_from(["exl2", "exl3"]))
def test_more_bits_are_never_fewer_bytes_in_exl(one, other, kind):
    less, more = (parse_format(f"{kind}-{bits:.3f}") for bits in sorted((one, other)))
    for tensor in ARCHITECTURES["8b"].tensors:
        assert less.bytes_of(tensor, ARCHITECTURES["8b"]) <= more.bytes_of(tensor, ARCHITECTURES["8b"])


@pytest.mark.parametrize(
    "ladder",
    [
        ["mlx-2bit", "mlx-3bit", "mlx-4bit", "mlx-5bit", "mlx-6bit", "mlx-8bit", "mlx-bf16"],
        ["gptq-int4", "gptq-int8", "bf16", "f32"],
        ["awq-4bit", "bf16", "f32"],
        ["nvfp4", "bf16", "f32"],
        ["gguf-q3_k_s", "gguf-q3_k_m", "gguf-q3_k_l"],  # Q2_K gives attn_v four bits, more than Q3_K_S
        ["gguf-q4_k_s", "gguf-q5_k_s", "gguf-q6_k", "gguf-q8_0", "gguf-bf16"],
    ],
)
def test_more_bits_are_never_fewer_bytes(ladder):
    for architecture in VARIED:
        formats = [parse_format(name) for name in ladder]
        for tensor in architecture.tensors:
            sizes = [weights.bytes_of(tensor, architecture) for weights in formats]
            assert sizes == sorted(sizes)


@given(st.integers(1, 64).map(lambda n: 32 * n), st.integers(1, 64), st.sampled_from([32, 64, 128]))
def test_smaller_groups_are_never_fewer_bytes(columns, rows, group):
    tensor, architecture = Tensor("x.weight", (rows * 8, columns * 8), "ffn_up", 0), ARCHITECTURES["8b"]
    for name in ("awq-4bit", "gptq-int4", "w4a16", "mlx-4bit"):
        wide, narrow = parse_format(f"{name}-g128"), parse_format(f"{name}-g{group}")
        assert wide.bytes_of(tensor, architecture) <= narrow.bytes_of(tensor, architecture)


def test_a_row_that_blocks_do_not_divide_falls_back():
    """Qwen2.5-72B: rows of 29,568 are 115.5 blocks, so ffn_down is Q5_0 or Q8_0 (5.22 bits a weight in all)."""
    architecture = Architecture.from_config(CONFIGS["Qwen/Qwen2.5-72B-Instruct"])
    down = [t for t in architecture.tensors if t.role == "ffn_down"]
    bits = {parse_format("gguf-q4_k_m").bytes_of(tensor, architecture) * 8 / tensor.elements for tensor in down}
    assert bits == {5.5, 8.5}


def test_the_vision_tower_of_a_gguf_is_a_file_of_its_own():
    architecture = VARIED[-1]
    found = weigh(architecture, parse_format("gguf-q4_k_m"))
    assert found.projector_bytes and "vision" not in found.by_kind
    assert weigh(architecture, parse_format("bf16")).by_kind["vision"]


def test_prediction_layers_are_kept_when_asked():
    architecture = VARIED[2]
    dropped, kept = (weigh(architecture, parse_format(name)) for name in ("gguf-q4_k_m", "gguf-q4_k_m+mtp"))
    assert dropped.by_kind["mtp"] == 0 < kept.by_kind["mtp"]
