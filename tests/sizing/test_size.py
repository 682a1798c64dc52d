"""What holds for every estimate, whatever was asked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.sizing import Evidence, InputError, size
from community.sizing.size import COMFORTABLE
from community.sizing.suggestions import LADDERS, YES

from .make import make_deployment

ENGINES = ["vllm", "vllm@0.19.0", "sglang", "tensorrt-llm", "llama.cpp", "ollama", "exllamav2", "exllamav3", "mlx"]
MODELS = ["qwen3-8b", "llama-3-70b", "qwen3-30b-a3b", "gemma-3-27b", "deepseek-v2-lite", "qwen3-next-80b-a3b"]

models, contexts = st.sampled_from(MODELS), st.integers(256, 60_000)


@st.composite
def deployments(draw):
    engine = draw(st.sampled_from(ENGINES))
    weights = draw(st.sampled_from(LADDERS[engine.partition("@")[0]]))
    cards = draw(
        st.sampled_from(["rtx-4090", "rtx-4090:2", "h100-80gb", "h100-80gb:4", "rtx-3090 rtx-4090", "a100-40gb:2"])
    )
    if engine == "mlx":
        cards = draw(st.sampled_from(["m4-max-128gb", "m4-max-64gb"]))
    return make_deployment(draw(models), weights, engine, cards, draw(contexts), draw(st.integers(1, 40)))


@settings(max_examples=150, deadline=None)
@given(deployments())
def test_identities(deployment):
    try:
        estimate = size(deployment)
    except InputError:
        return
    assert estimate.weights_bytes > 0 and estimate.kv_bytes_per_token > 0
    if estimate.memory is None:
        return
    for gpu in estimate.memory.gpus:
        assert gpu.needed == sum(gpu.part(name) for name in ("weights", "kv_cache", "activations", "runtime"))
        assert gpu.free == gpu.usable - max(gpu.needed, gpu.reserved)
        assert all(part.bytes >= 0 and part.formula and part.source.startswith("http") for part in gpu.parts)
        assert all(part.evidence in Evidence for part in gpu.parts)
    if estimate.verdict == "fits":
        assert all(gpu.needed <= COMFORTABLE * gpu.usable for gpu in estimate.memory.gpus)
    if estimate.verdict in YES:
        assert all(gpu.needed <= gpu.usable for gpu in estimate.memory.gpus)
        assert estimate.memory.max_requests >= 1 and estimate.command
    if estimate.verdict in ("does_not_fit", "unsupported"):
        assert estimate.reasons or any(gpu.needed > gpu.usable for gpu in estimate.memory.gpus)
    assert all(suggestion.verdict in YES for suggestion in estimate.suggestions)


@settings(max_examples=80, deadline=None)
@given(deployments(), st.integers(1, 20_000))
def test_more_context_never_needs_less(deployment, more):
    from community.sizing.size import changed

    try:
        shorter, longer = size(deployment), size(changed(deployment, context=deployment.context + more))
    except InputError:
        return
    if shorter.memory is None or longer.memory is None:
        return
    total = [sum(gpu.needed for gpu in found.memory.gpus) + found.memory.host_bytes for found in (shorter, longer)]
    assert total[1] >= total[0]


@settings(max_examples=60, deadline=None)
@given(models, st.sampled_from(["vllm", "sglang", "tensorrt-llm", "llama.cpp"]), contexts)
def test_twice_the_cards_turn_a_yes_into_a_no_only_with_a_reason(model, engine, context):
    weights = "gguf-q4_k_m" if engine == "llama.cpp" else "bf16"
    one = size(make_deployment(model, weights, engine, "h100-80gb:2", context))
    two = size(make_deployment(model, weights, engine, "h100-80gb:4", context))
    if one.verdict in YES and two.verdict not in YES:
        named = {
            "heads_not_divisible", "kv_heads_not_divisible", "width_not_divisible", "expert_width_not_divisible",
            "kv_heads_replicated", "communication_memory",
        }  # fmt: skip
        assert named & {reason.code for reason in two.reasons}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"context": 0}, "context"),
        ({"context": -5}, "context"),
        ({"context": 10**12}, "context"),
        ({"requests": 0}, "requests"),
        ({"requests": 10**9}, "requests"),
        ({"gpu_memory_utilization": float("nan")}, "gpu-memory-utilization"),
        ({"gpu_memory_utilization": 1.5}, "gpu-memory-utilization"),
        ({"gpu_memory_utilization": 0.0}, "gpu-memory-utilization"),
        ({"max_num_seqs": 0}, "max-num-seqs"),
        ({"max_num_batched_tokens": -1}, "max-num-batched-tokens"),
        ({"tensor_parallel": 3}, "tp"),
        ({"kv": "q99"}, "kv"),
    ],
)
def test_senseless_numbers_are_refused_by_name(change, field):
    with pytest.raises(InputError) as caught:
        size(make_deployment("qwen3-8b", "bf16", "vllm", "h100-80gb:2", **change))
    assert caught.value.field == field and caught.value.allowed


def test_an_unknown_version_is_refused():
    with pytest.raises(InputError, match="engine"):
        size(make_deployment("qwen3-8b", "bf16", "vllm@99.0", "h100-80gb"))


def test_what_nobody_has_measured_says_so():
    estimate = size(make_deployment("qwen3-8b", "awq-4bit", "lmdeploy", "h100-80gb"))
    assert estimate.verdict == "unknown" and "memory_not_known" in {reason.code for reason in estimate.reasons}
    assert estimate.command.startswith("lmdeploy serve")


def test_speed_is_a_ceiling():
    """RTX 5090, Qwen3-8B BF16: 1,792 GB/s over the 15.14 GB that a token reads give 118 tokens/s."""
    speed = size(make_deployment("qwen3-8b", "bf16", "vllm", "rtx-5090", 4096)).speed
    assert speed["kind"] == "ceiling"
    assert abs(speed["bytes_per_token"] / 15.14e9 - 1) < 0.002
    slow, fast = speed["decode_tokens_per_second"]
    assert slow < fast and 117 < fast < 119
