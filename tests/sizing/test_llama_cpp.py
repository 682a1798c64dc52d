"""llama.cpp: buffers against logs, placement, verdicts of rules.md section 6, and laws that always hold."""

from bisect import bisect_right
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.sizing import catalog
from community.sizing.engines import llama_cpp
from community.sizing.engines.ggml_alloc import Buffer, Graph
from community.sizing.engines.ggml_cache import Cache
from community.sizing.engines.ggml_graph import Settings, Widths, compute_bytes
from community.sizing.engines.ggml_placement import Plan, assign, fill, measure, owners
from community.sizing.errors import InputError
from community.sizing.formats import parse_format, weigh
from community.sizing.kv_cache import kv_type
from tests.sizing.local_models import GIB, MIB, codes, deployment, needed, verdict

YES = {"fits", "tight"}
NO_ROOM = {"does_not_fit", "fits_with_offload"}


def compute(model, ubatch, cells, outputs=None, first=True, last=True, **more):
    architecture = catalog.model(model).architecture
    run = Settings(ubatch, outputs or ubatch, cells, **more)
    kinds = tuple(layer.kind for layer in architecture.layers)
    return compute_bytes(Widths.of(architecture), kinds, run, first, last) / MIB


OLD = {"half_mask": False, "fused_unit": True}
AWAY = {"half_mask": False, "fused_unit": False}  # experts in system memory, copied one tensor at a time


@pytest.mark.parametrize(
    ("measured", "model", "ubatch", "cells", "more"),
    [
        # Logs of llama.cpp and Ollama; the record's id stands in data/measurements.jsonl.
        (92.5, "llama-2-7b", 512, 4096, OLD),  # lcpp-036
        (300.75, "qwen3-1.7b", 512, 1024, OLD | {"flash_attention": False}),  # lcpp-012
        (304.75, "qwen3-235b-a22b", 512, 16384, OLD | {"first": False}),  # lcpp-085, second of two GPUs
        (1004.5, "gemma-2-2b", 512, 2048, OLD | {"flash_attention": False}),  # lcpp-082, soft cap
        (202.28, "minimax-m2.7", 512, 120064, OLD | {"first": False, "last": False}),  # lcpp-038, middle of four
        (280.01, "llama-3.2-1b", 512, 4096, OLD | {"flash_attention": False}),  # lcpp-013
        (150, "phi-3-mini-4k", 256, 4096, OLD | {"flash_attention": False}),  # lcpp-010, one product for q, k and v
        (1080, "qwen3-30b-a3b", 512, 16384, OLD | {"flash_attention": False, "fused_unit": False}),  # lcpp-081
        (774, "qwen3-235b-a22b", 512, 16384, AWAY | {"copied": 630 * MIB, "last": False}),  # lcpp-085, first GPU
        (1024, "qwen3-235b-a22b", 512, 32768, AWAY | {"copied": 816 * MIB}),  # lcpp-086, experts in Q8_0
        (264.04, "qwen3-0.6b", 2048, 40960, {"outputs": 1}),  # olla-016, f16 mask and few outputs
        (2398, "qwen3.5-27b", 4096, 182016, {"outputs": 1}),  # lcpp-032
        (489, "qwen3.5-35b-a3b", 512, 65536, OLD),  # lcpp-022
    ],
)
def test_compute_buffer_is_that_of_the_log(measured, model, ubatch, cells, more):
    assert compute(model, ubatch, cells, **more) == pytest.approx(measured, rel=2e-3)


def test_experts_in_system_memory_are_copied_to_the_first_gpu_only():
    """lcpp-085: 774 and 304.75 MiB on two GPUs."""
    weights = parse_format("gguf-q6_k")
    architecture = catalog.model("qwen3-235b-a22b").architecture
    model = measure(architecture, weigh(architecture, weights))
    cache = Cache(16384, 1, 512, kv_type("q8_0"), kv_type("q8_0"), 5271)
    shares = fill(model, assign(model, Plan(95, (1.0, 1.0), 94))[0], cache)
    assert [share.compute / MIB for share in shares] == pytest.approx([774, 304.75], rel=1e-4)


def test_allocator_takes_the_smallest_hole_that_fits():
    buffer = Buffer()
    places = [buffer.take(size) for size in (512, 128, 256, 128)]
    buffer.give(*places[0])
    buffer.give(*places[2])
    assert buffer.take(200) == (640, 256)
    assert buffer.take(256) == (0, 256)
    assert buffer.peak == 1024


def test_holes_grow_together_when_freed():
    buffer = Buffer()
    places = [buffer.take(256) for _ in range(3)]
    for place in (places[0], places[2], places[1]):
        buffer.give(*place)
    assert buffer.free == [[0, 1 << 62]]


def test_an_operation_in_place_needs_no_room():
    graph = Graph()
    first = graph.add(1024)
    graph.add(1024, first, in_place=True)
    assert graph.peak() == 1024
    graph.add(0, first)  # now two read the first
    assert graph.peak() == 2048


@given(
    count=st.integers(1, 120),
    gpu_layers=st.integers(0, 130),
    shares=st.lists(st.floats(0, 1e12) | st.integers(0, 9).map(float), min_size=1, max_size=8),
)
def test_layers_go_to_the_devices_as_llama_cpp_places_them(count, gpu_layers, shares):
    """std::upper_bound over the normed shares, as in load_tensors."""
    on_gpu, total = min(gpu_layers, count + 1), sum(shares)
    bounds = [part / total for part in accumulate(shares)] if total else []
    first = count + 1 - on_gpu if bounds else count + 1
    placed = [min(bisect_right(bounds, layer / on_gpu), len(bounds) - 1) for layer in range(count + 1 - first)]
    assert owners(count, gpu_layers, shares) == [None] * first + placed


def test_layers_go_to_cards_as_the_log_says():
    # lcpp-085: 94 layers and the output on two equal cards: 48 and 46, and the output with the second.
    places = owners(94, 95, (1.0, 1.0))
    assert [places.count(0), places.count(1), places[-1]] == [48, 47, 1]
    assert owners(32, 10, (1.0,))[:23] == [None] * 23


def test_kv_cache_of_sliding_windows():
    # lcpp-023: 160 MiB in 5 full layers, 174 MiB in 29 sliding ones of 1,536 cells.
    memory = llama_cpp.memory(deployment("gemma-3-4b", "gguf-q4_k_m", "llama.cpp", "m3-max-64gb", 8192))
    assert memory.gpus[0].part("kv_cache") == 334 * MIB


def test_quantized_cache():
    # rules.md section 2: 2,560 MiB in f16 are 1,360 in q8_0.
    sizes = [
        llama_cpp.memory(deployment("llama-3-70b", "gguf-q4_k_m", "llama.cpp", "h100-80gb", 8192, kv=kv)).gpus[0]
        for kv in ("f16", "q8_0")
    ]
    assert [gpu.part("kv_cache") for gpu in sizes] == [2560 * MIB, 1360 * MIB]


@pytest.mark.parametrize(
    ("expected", "model", "weights", "cards", "context"),
    [
        (YES, "qwen3-32b", "gguf-q4_k_m", "rtx-4090", 8192),
        (YES, "qwen3-32b", "gguf-q4_k_m", "rtx-3090", 8192),
        (YES, "llama-3-70b", "gguf-q4_k_m", "rtx-6000-ada", 8192),
        (YES, "llama-3-70b", "gguf-q4_k_m", "rtx-4090+rtx-4090", 8192),
        (YES, "llama-3-70b", "gguf-q4_k_m", "rtx-3090+rtx-3090", 8192),
        (NO_ROOM, "llama-3-70b", "gguf-q4_k_m", "rtx-4090", 8192),
        (YES, "qwen3-235b-a22b", "gguf-q4_k_m", "h100-80gb+h100-80gb", 32768),
        *((YES, "llama-3-70b", f"gguf-{level}", "rtx-4090", 8192) for level in ("iq1_s", "iq1_m", "iq2_xxs", "iq2_xs")),
        *(
            (NO_ROOM, "llama-3-70b", f"gguf-{level}", "rtx-4090", 8192)
            for level in ("iq3_xxs", "q3_k_s", "iq4_xs", "q4_0")
        ),
    ],
)
def test_verdicts(expected, model, weights, cards, context):
    assert verdict(model, weights, "llama.cpp", cards, context) in expected


def test_unequal_cards_share_in_proportion():
    memory = llama_cpp.memory(deployment("llama-3-70b", "gguf-q4_k_m", "llama.cpp", "rtx-5090+rtx-4070-ti-super", 8192))
    assert all(gpu.needed <= gpu.usable for gpu in memory.gpus)
    assert memory.gpus[0].part("weights") > 1.5 * memory.gpus[1].part("weights")


def test_offload_moves_bytes_without_losing_any():
    whole = llama_cpp.memory(deployment("llama-3-70b", "gguf-q4_k_m", "llama.cpp", "h100-80gb"))
    for layers in (0, 1, 40, 80):
        part = llama_cpp.memory(deployment("llama-3-70b", "gguf-q4_k_m", "llama.cpp", "h100-80gb", gpu_layers=layers))
        moved = sum(part.gpus[0].part(name) for name in ("weights", "kv_cache")) + part.host_bytes
        assert moved == sum(whole.gpus[0].part(name) for name in ("weights", "kv_cache")) + whole.host_bytes
        assert "layers_in_system_memory" in codes(part)


def test_experts_in_system_memory():
    whole = llama_cpp.memory(deployment("qwen3-235b-a22b", "gguf-q4_k_m", "llama.cpp", "h200"))
    away = llama_cpp.memory(deployment("qwen3-235b-a22b", "gguf-q4_k_m", "llama.cpp", "rtx-4090", cpu_moe=True))
    total = whole.gpus[0].part("weights") + whole.host_bytes
    assert away.gpus[0].part("weights") + away.host_bytes == total
    assert away.gpus[0].part("weights") < 8 * GIB
    assert "experts_in_system_memory" in codes(away)


def test_system_memory_that_is_too_small_is_said():
    asked = deployment("qwen3-235b-a22b", "gguf-q4_k_m", "llama.cpp", "rtx-4090", cpu_moe=True)
    memory = llama_cpp.memory(type(asked)(**{**vars(asked), "host_bytes": 64 * GIB}))
    assert "host_memory_too_small" in codes(memory)
    assert not memory.starts


@settings(max_examples=40, deadline=None)
@given(
    context=st.integers(256, 40_000),
    more=st.integers(0, 20_000),
    model=st.sampled_from(["qwen3-8b", "gemma-3-4b", "gpt-oss-20b", "qwen3.5-27b", "deepseek-v2-lite"]),
)
def test_more_context_never_needs_less(context, more, model):
    sizes = [
        needed(llama_cpp.memory(deployment(model, "gguf-q8_0", "llama.cpp", "h100-80gb", tokens, gpu_layers=999)))
        for tokens in (context, context + more)
    ]
    assert sizes[0] <= sizes[1]


@settings(max_examples=20, deadline=None)
@given(context=st.integers(256, 131_072), cards=st.sampled_from(["rtx-4090", "rtx-4090+rtx-3090", "h100-80gb"]))
def test_the_longest_context_fits_and_the_next_does_not(context, cards):
    asked = deployment("qwen3-32b", "gguf-q4_k_m", "llama.cpp", cards, context, gpu_layers=999)
    longest = llama_cpp.memory(asked).max_context
    layout = llama_cpp.arrange(asked, llama_cpp.cache_of(asked, 10488))

    def fits(tokens):
        again = deployment("qwen3-32b", "gguf-q4_k_m", "llama.cpp", cards, tokens, gpu_layers=999)
        return layout.fits(llama_cpp.cache_of(again, 10488))

    limit = max(-(-context // 256) * 256, 40_960)
    assert longest == 0 or fits(longest)
    assert longest >= limit or not fits(longest + 256)


@pytest.mark.parametrize(
    ("version", "present", "absent"),
    [
        ("b10488", "-fa on", "--flash-attn"),
        ("b6000", "-fa ", "-fa on"),
        ("b6000", r"-ot", "--n-cpu-moe"),
        ("b6100", "--cpu-moe", "-ot"),
    ],
)
def test_command_has_only_flags_of_its_version(version, present, absent):
    asked = deployment("qwen3-30b-a3b", "gguf-q4_k_m", "llama.cpp", "rtx-4090", version=version, cpu_moe=True)
    command = llama_cpp.command(asked)
    assert present in command + " "
    assert absent not in command


def test_command_names_every_setting():
    asked = deployment("llama-3-70b", "gguf-q4_k_m", "llama.cpp", "rtx-4090+rtx-4090", 8192, 2, kv="q8_0", ubatch=256)
    assert llama_cpp.command(asked) == (
        "llama-server -m PATH-TO-gguf-q4_k_m-WEIGHTS -c 16384 -np 2 -ngl 99 -sm layer -ub 256 -fa on "
        "-ctk q8_0 -ctv q8_0"
    )


def test_what_llama_cpp_does_not_know_is_refused_by_name():
    with pytest.raises(InputError, match="kv"):
        llama_cpp.memory(deployment("qwen3-8b", "gguf-q4_k_m", "llama.cpp", "rtx-4090", kv="fp8"))
    with pytest.raises(InputError, match="b99999"):
        llama_cpp.memory(deployment("qwen3-8b", "gguf-q4_k_m", "llama.cpp", "rtx-4090", version="b99999"))


def test_quantized_values_need_flash_attention():
    asked = deployment("qwen3-8b", "gguf-q4_k_m", "llama.cpp", "rtx-4090", kv="q8_0", flash_attention=False)
    assert not llama_cpp.memory(asked).starts
