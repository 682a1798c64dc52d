"""What fits, asked from both ends: short cuts give what the long way gives, and the fewest cards are the fewest."""

from dataclasses import replace

import pytest

from community.sizing import InputError, Verdict, catalog
from community.sizing.architecture import Architecture
from community.sizing.engines.vllm_weights import weight_bytes
from community.sizing.fit import asked_of, fewest, held, ladder, what_fits
from community.sizing.formats import FORMATS, MANY, MOST_KEPT, parse_format, weigh
from community.sizing.sharding import Parallel
from community.sizing.size import assess, changed, needed_bytes, worst_support
from community.sizing.speed import active_bytes
from community.sizing.suggestions import CARDS, LADDERS, YES, attempt, least_layer_bytes, whole


def make_asked(model, engine, weights, card, count=1, context=8192):
    return asked_of(catalog.model(model), engine, weights, (catalog.device(card),) * count, context)


@pytest.mark.parametrize("name", ["qwen3-8b", "deepseek-v3", "gpt-oss-20b", "nemotron-h-56b", "gemma-3-27b", "glm-4.5"])
def test_the_floor_of_the_layers_is_not_above_what_they_weigh(name):
    made = catalog.model(name).architecture
    for weights in map(parse_format, (*FORMATS, "fp8-mxfp4", "gguf-mxfp4")):
        tensors = weigh(made, weights).tensors
        layers = sum(size for tensor, size in tensors if tensor.part == "text" and tensor.layer is not None)
        assert 0 < least_layer_bytes(made, weights) <= layers, weights.id


@pytest.mark.parametrize("engine", ["llama.cpp", "ollama"])
@pytest.mark.parametrize("model", ["qwen3-8b", "qwen3-235b-a22b", "gpt-oss-120b"])
def test_a_plain_yes_is_the_same_without_a_search_for_offload(model, engine):
    for card, count in (("rtx-4090", 1), ("rtx-4090", 2), ("h100-80gb", 2)):
        for weights in LADDERS[engine]:
            asked = make_asked(model, engine, weights, card, count)
            long, short = attempt(asked), whole(asked)
            assert short == (attempt(replace(asked, limits=False)) if long and long.verdict in YES else None)
            if short:
                assert (short.verdict, short.memory.gpus) == (long.verdict, long.memory.gpus)
                assert long.memory.max_context and not short.memory.max_context, "what nobody asked for is not sought"


def test_the_largest_format_is_held_and_the_next_larger_is_not():
    model, devices = catalog.model("qwen3-32b"), (catalog.device("rtx-4090"),)
    deployment, answer = held(model, "llama.cpp", LADDERS["llama.cpp"], devices, 8192, 1)
    ladder = LADDERS["llama.cpp"]
    larger = ladder[ladder.index(deployment.weights.id) - 1]
    assert answer.verdict in YES
    assert assess(make_asked("qwen3-32b", "llama.cpp", larger, "rtx-4090")).verdict not in YES


def test_rows_say_what_is_needed():
    rows = what_fits((catalog.device("rtx-4090"),), 8192, engine="vllm")
    assert [row["parameters"] for row in rows] == sorted((row["parameters"] for row in rows), reverse=True)
    for row in rows[::10]:
        answer = assess(make_asked(row["model"], "vllm", row["weights"], "rtx-4090"))
        assert (row["needed_bytes"], row["verdict"]) == (needed_bytes(answer.memory), answer.verdict)


@pytest.mark.parametrize(
    ("model", "engine", "weights", "card"),
    [
        ("qwen3-235b-a22b", "vllm", "gptq-int4", "h100-80gb"),
        ("qwen3-235b-a22b", "vllm", "fp8", "rtx-4090"),
        ("llama-3-70b", "llama.cpp", "gguf-q4_k_m", "rtx-4090"),
        ("llama-3-70b", "exllamav2", "exl2-4.0", "rtx-3090"),
    ],
)
def test_the_fewest_cards_hold_it_and_fewer_do_not(model, engine, weights, card):
    asked = make_asked(model, engine, weights, card)
    deployment, answer = fewest(asked)
    count = len(deployment.devices)
    assert assess(deployment).verdict == answer.verdict and answer.verdict in YES
    for fewer in (number for number in CARDS if number < count):
        assert assess(changed(asked, devices=asked.devices * fewer)).verdict not in YES


def test_one_kind_of_unified_memory_is_one_machine():
    assert fewest(make_asked("deepseek-r1", "mlx", "mlx-4bit", "m4-max-64gb")) is None
    deployment, _answer = fewest(make_asked("qwen3-8b", "mlx", "mlx-4bit", "m4-max-64gb"))
    assert len(deployment.devices) == 1


def test_memory_that_is_enough_where_nobody_has_said_that_it_runs():
    deployment, answer = fewest(make_asked("qwen3-8b", "vllm", "gptq-int8", "h100-80gb"))
    assert (len(deployment.devices), answer.verdict) == (1, attempt(deployment).verdict)
    assert answer.verdict in (*YES, Verdict.UNKNOWN)


def test_an_engine_without_formats_is_refused():
    with pytest.raises(InputError, match="engine"):
        what_fits((catalog.device("rtx-4090"),), 8192, engine="tgi")


def test_only_the_last_weighings_are_kept():
    made = Architecture.from_config(catalog.model("qwen3-0.6b").config)
    first = weigh(made, parse_format("exl2-2.51"))
    for step in range(MOST_KEPT):
        weigh(made, parse_format(f"exl2-{3 + step / 100}"))
    assert len(vars(made)["weighed"]) <= MOST_KEPT
    again = weigh(made, parse_format("exl2-2.51"))
    assert again is not first and again == first


def test_a_model_made_in_a_small_format_begins_with_it():
    assert ladder("qwen3-8b", "vllm") == LADDERS["vllm"]
    assert ladder("gpt-oss-20b", "vllm") == ("mxfp4", "gptq-int4", "awq-4bit")
    assert ladder("gpt-oss-20b", "llama.cpp")[0] == "gguf-mxfp4"
    assert ladder("deepseek-v3", "vllm")[0] == "fp8"
    assert "gguf-q8_0" in ladder("deepseek-v3", "llama.cpp") and "gguf-bf16" not in ladder("deepseek-v3", "llama.cpp")


@pytest.mark.parametrize("engine", LADDERS)
def test_every_model_has_something_to_try_from_large_to_small(engine):
    for model in catalog.models():
        found = ladder(model.id, engine)
        usual = [name for name in found if name in LADDERS[engine]]
        assert found and usual == sorted(usual, key=LADDERS[engine].index)


def test_the_numbers_kept_with_a_model_are_bounded():
    made = Architecture.from_config(catalog.model("qwen3-0.6b").config)
    for step in range(MANY + 1):
        weights = parse_format(f"exl2-{2 + step / 100}")
        active_bytes(replace(make_asked("qwen3-0.6b", "vllm", "bf16", "h200"), architecture=made, weights=weights))
        weight_bytes(made, weights, Parallel(), (0, 19, 0))
    assert [len(vars(made)[name]) for name in ("read_by_token", "vllm_weights")] == [MANY, MANY]


def test_what_the_engine_cannot_run_is_not_weighed():
    made = Architecture.from_config(catalog.model("qwen3-0.6b").config)
    asked = replace(make_asked("qwen3-0.6b", "exllamav3", "exl3-4.0", "v100-32gb"), architecture=made)
    assert worst_support(asked).verdict == "no"
    assert whole(asked) is None and "weighed" not in vars(made)
