"""Bytes per GPU: what is split, what is copied, and which splits engines refuse."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.sizing.architecture import Architecture
from community.sizing.errors import InputError
from community.sizing.formats import parse_format, weigh
from community.sizing.sharding import Parallel, obstacles, parallel_of, stage_bytes, stage_layers, stages
from tests.sizing.serving_models import CONFIGS

ARCHITECTURES = {name: Architecture.from_config(config) for name, config in CONFIGS.items()}
DENSE = ARCHITECTURES["llama-3-70b"]
MOE = ARCHITECTURES["qwen3-235b-a22b"]


def sizes(architecture, parallel, weights="bf16"):
    return stage_bytes(weigh(architecture, parse_format(weights)).tensors, architecture, parallel)


def test_stages_as_vllm_cuts_them():
    assert [len(part) for part in stages(94, 4)] == [23, 24, 24, 23]
    assert [len(part) for part in stages(80, 3)] == [27, 27, 26] or [len(part) for part in stages(80, 3)] == [
        26,
        27,
        27,
    ]
    assert [part.start for part in stages(8, 2)] == [0, 4]


@given(st.integers(1, 200), st.integers(1, 64))
def test_stages_cover_every_layer_once(layers, pipeline):
    assert [layer for part in stages(layers, pipeline) for layer in part] == list(range(layers))


@settings(deadline=None)
@given(st.sampled_from(["llama-3-70b", "qwen3-235b-a22b", "qwen3-8b"]), st.integers(1, 8))
def test_stages_add_up_to_the_model(name, pipeline):
    architecture = ARCHITECTURES[name]
    assert sum(sizes(architecture, Parallel(1, pipeline))) == weigh(architecture, parse_format("bf16")).weights_bytes


def test_a_tied_embedding_is_on_the_first_and_on_the_last_stage():
    gemma = ARCHITECTURES["gemma-2-2b"]
    total = weigh(gemma, parse_format("bf16")).weights_bytes
    assert sum(sizes(gemma, Parallel(1, 2))) == total + 2 * 256_000 * 2304


def test_tensor_parallel_copies_only_vectors_and_routers():
    """Qwen3-30B-A3B over 4 GPUs: 14.2474 GiB a rank in the log of vLLM issue 17327, its tables included."""
    per_gpu = sizes(ARCHITECTURES["qwen3-30b-a3b"], Parallel(4))[0]
    assert per_gpu / 2**30 == pytest.approx(14.2474, rel=2e-3)


def test_key_and_value_heads_are_copied_beyond_their_number():
    four, eight = sizes(MOE, Parallel(4))[0], sizes(MOE, Parallel(8))[0]
    pair = 94 * 2 * 128 * 4096 * 2  # one key and one value head of every layer
    assert eight > four / 2
    assert eight - four / 2 == pytest.approx(pair / 2, rel=0.6)


def test_expert_parallel_holds_whole_experts():
    split, whole = sizes(MOE, Parallel(8)), sizes(MOE, Parallel(8, 1, 8))
    assert split == whole  # 128 experts over 8 GPUs are as many bytes either way


@pytest.mark.parametrize(
    ("architecture", "parallel", "block", "code"),
    [
        (MOE, Parallel(7), 1, "heads_not_divisible"),
        (MOE, Parallel(8), 128, "expert_width_not_divisible"),
        (DENSE, Parallel(3), 1, "heads_not_divisible"),
        (DENSE, Parallel(1, 81), 1, "layers_fewer_than_stages"),
    ],
)
def test_refused(architecture, parallel, block, code):
    assert code in [reason.code for reason in obstacles(architecture, parallel, block)]


@pytest.mark.parametrize(
    ("architecture", "parallel", "block"),
    [(MOE, Parallel(4), 128), (MOE, Parallel(8, 1, 8), 128), (MOE, Parallel(8), 1), (DENSE, Parallel(8), 128)],
)
def test_accepted(architecture, parallel, block):
    assert obstacles(architecture, parallel, block) == []


def test_seven_gpus_are_told_eight():
    assert obstacles(MOE, Parallel(7))[0].values == {"heads": 64, "tensor_parallel": 7, "suggested": 8}


def test_parallel_of_uses_every_gpu():
    assert parallel_of(4) == Parallel(4, 1, 1)
    assert parallel_of(4, tensor=2) == Parallel(2, 2, 1)
    assert parallel_of(8, pipeline=2) == Parallel(4, 2, 1)
    assert parallel_of(8, expert=8) == Parallel(8, 1, 8)


@pytest.mark.parametrize(
    ("field", "wish"),
    [("tp", {"tensor": 3}), ("tp", {"tensor": 8}), ("tp", {"tensor": 4, "pipeline": 2}), ("ep", {"expert": 3})],
)
def test_contradictory_sizes_name_the_field(field, wish):
    with pytest.raises(InputError) as error:
        parallel_of(4, **wish)
    assert error.value.field == field


def test_layers_of_the_stages():
    assert [len(layers) for layers in stage_layers(DENSE, Parallel(1, 4))] == [20, 20, 20, 20]
