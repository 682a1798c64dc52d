"""Every formula of the engine has Korean words with the same numbers."""

import re
from string import Formatter

import pytest

from community.calculator.formulas import FORMULAS, formula_words
from community.calculator.query import deployment_of
from community.sizing import size
from community.sizing.formulas import TEXTS, written


def test_every_formula_has_words():
    assert FORMULAS.keys() == TEXTS.keys()


@pytest.mark.parametrize("code", TEXTS)
def test_words_and_text_say_the_same_numbers(code):
    named = {name for _text, name, _spec, _conversion in Formatter().parse(TEXTS[code]) if name}
    assert set(re.findall(r"%\((\w+)\)s", str(FORMULAS[code]))) == named


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"engine": "sglang"},
        {"engine": "tensorrt-llm", "gpu": "h100-80gb"},
        {"engine": "llama.cpp", "model": "llama-3-70b", "gpu": "rtx-4090", "gpus": "2"},
        {"engine": "ollama"},
        {"engine": "exllamav2"},
        {"engine": "exllamav3"},
        {"engine": "mlx", "gpu": "m1-max-64gb"},
    ],
)
def test_each_part_is_explained_with_its_own_numbers(asked):
    estimate = size(deployment_of(asked))
    assert estimate.memory is not None
    for gpu in estimate.memory.gpus:
        for part in gpu.parts:
            words = formula_words(part.formula).replace("\u00a0", " ")
            assert all(value in words for value in written(part.formula).values()), words
