"""Bad configs are answered with an InputError that names the field and what is allowed."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.sizing import catalog
from community.sizing.architecture import Architecture
from community.sizing.architecture.fields import LARGEST_CONFIG, parse_config
from community.sizing.errors import InputError

QWEN3 = catalog.model("qwen3-8b").config
MOE = catalog.model("qwen3-30b-a3b").config
VISION = catalog.model("qwen3-vl-32b").config


def refused(config: Any) -> InputError:
    with pytest.raises(InputError) as caught:
        Architecture.from_config(config)
    return caught.value


@pytest.mark.parametrize(
    "field", ["hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "vocab_size"]
)
@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), -1, 0, 1.5, "4096", True, [], {}, 10**30])
def test_a_senseless_size_is_named(field: str, value: object) -> None:
    error = refused({**QWEN3, field: value})
    assert error.field == field
    assert error.allowed
    assert len(str(error)) < 300


def test_a_number_too_long_to_print_is_refused() -> None:
    assert refused({**QWEN3, "hidden_size": 10**5000}).field == "hidden_size"


@pytest.mark.parametrize("field", ["moe_intermediate_size", "num_experts", "num_experts_per_tok"])
def test_a_missing_expert_field_is_named(field: str) -> None:
    config = {name: value for name, value in MOE.items() if name not in (field, "intermediate_size")}
    assert refused({**config, field: None}).field in (field, "n_routed_experts")


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({}, "model_type"),
        ({**QWEN3, "model_type": "no-such-model"}, "model_type"),
        ({**QWEN3, "model_type": 7}, "model_type"),
        ({**QWEN3, "num_key_value_heads": 5}, "num_key_value_heads"),
        ({**QWEN3, "num_hidden_layers": 10_001}, "num_hidden_layers"),
        ({**QWEN3, "tie_word_embeddings": "no"}, "tie_word_embeddings"),
        ({**QWEN3, "layer_types": ["full_attention"]}, "layer_types"),
        ({**QWEN3, "layer_types": ["unheard_of"] * 36}, "layer_types"),
        ({**MOE, "num_experts_per_tok": 129}, "n_routed_experts"),
        ({**VISION, "text_config": {**VISION["text_config"], "hidden_size": -1}}, "text_config.hidden_size"),
        ({**VISION, "vision_config": {**VISION["vision_config"], "depth": "deep"}}, "vision_config.depth"),
        ({**VISION, "vision_config": {**VISION["vision_config"], "depth": 10**8}}, "vision_config.depth"),
        ({**catalog.model("glm-4.5").config, "num_nextn_predict_layers": 10**8}, "num_nextn_predict_layers"),
        ({**VISION, "vision_config": "none"}, "vision_config"),
        ({**VISION, "text_config": []}, "text_config"),
    ],
)
def test_the_field_is_named(config: dict[str, Any], field: str) -> None:
    error = refused(config)
    assert error.field == field or error.field == "num_experts_per_tok"


def test_an_unknown_type_lists_those_that_are_known() -> None:
    assert "qwen3_moe" in refused({**QWEN3, "model_type": "no-such-model"}).allowed


@pytest.mark.parametrize("config", [None, 3, "qwen3", [QWEN3]])
def test_a_config_is_an_object(config: object) -> None:
    assert refused(config).field == "config"


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(InputError, match="nested"):
        parse_config('{"a":' * 10_000 + "1" + "}" * 10_000)
    nested: dict[str, Any] = {}
    for _ in range(10_000):
        nested = {"text_config": nested}
    assert refused({**nested, "model_type": "qwen3_vl"}).field == "text_config.hidden_size"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "1", b"\xff\xfe", '{"a": ' + "9" * 5000 + "}", " " * (LARGEST_CONFIG + 1)]
)
def test_text_that_is_no_config(text: str | bytes) -> None:
    with pytest.raises(InputError) as caught:
        parse_config(text)
    assert caught.value.field == "config"


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(QWEN3))
    assert Architecture.from_config(catalog.read_config(path)).parameters == 8_190_735_360
    path.write_bytes(b" " * (2 * LARGEST_CONFIG))
    for wrong in (path, tmp_path, tmp_path / "missing", "\0"):
        with pytest.raises(InputError) as caught:
            catalog.read_config(wrong)
        assert caught.value.field == "config"


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)  # fmt: skip
CONFIGS = [catalog.model(name).config for name in ("qwen3-30b-a3b", "glm-5.2", "qwen3.5-27b", "gemma-4-26b-a4b")]


@given(config=st.sampled_from(CONFIGS), data=st.data())
def test_any_value_in_any_field_gives_an_architecture_or_a_named_field(
    config: dict[str, Any], data: st.DataObject
) -> None:
    inner = "text_config" if "text_config" in config and data.draw(st.booleans()) else ""
    names = sorted(config[inner] if inner else config)
    changed = {data.draw(st.sampled_from(names)): data.draw(VALUES)}
    try:
        read = Architecture.from_config(
            {**config, inner: {**config[inner], **changed}} if inner else {**config, **changed}
        )
    except InputError as error:
        assert error.field
    else:
        assert read.parameters > 0
