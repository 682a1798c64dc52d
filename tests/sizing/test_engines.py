"""Engines by name and version."""

import pytest

from community.sizing.engines import MODULES, engine
from community.sizing.errors import InputError


@pytest.mark.parametrize("name", MODULES)
def test_every_engine_answers(name):
    module, version = engine(name)
    assert version == ""
    assert module.LATEST
    assert callable(module.command)
    assert hasattr(module, "memory") is (name not in ("tgi", "lmdeploy"))  # theirs is unknown


def test_a_version_is_handed_on():
    module, version = engine("vllm@0.10.1")
    assert module.__name__.endswith(".vllm")
    assert version == "0.10.1"


@pytest.mark.parametrize(("name", "near"), [("vlm", "vllm"), ("tensorrt", "tensorrt-llm"), ("llamacpp", "llama.cpp")])
def test_an_unknown_name_is_told_the_nearest(name, near):
    with pytest.raises(InputError) as error:
        engine(name)
    assert near in error.value.allowed


@pytest.mark.parametrize("text", ["vllm@", "vllm@new", "vllm@1..2", "vllm@" + "9" * 500, "vllm@0.1\n"])
def test_a_senseless_version_is_refused(text):
    with pytest.raises(InputError):
        engine(text)
