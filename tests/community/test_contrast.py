"""WCAG 2 contrast of the colour pairs the pages use, in both themes, from the stylesheets themselves."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "static" / "css"
COLOURS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([\w-]+): light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\)", (CSS / "tokens.css").read_text()
    )
}
TEXT, GRAPHIC = 4.5, 3.0
PAIRS = {
    ("ink", "paper surface sunken code-bg ok-soft warn-soft bad-soft accent-soft"): TEXT,
    ("ink-2", "paper surface sunken"): TEXT,
    ("ink-3", "paper surface sunken code-bg"): TEXT,
    ("accent", "paper surface sunken accent-soft code-bg"): TEXT,
    ("on-accent", "accent"): TEXT,
    ("ok", "ok-soft surface"): TEXT,
    ("warn", "warn-soft surface"): TEXT,
    ("bad", "bad-soft surface paper"): TEXT,
    ("paper", "ink"): TEXT,
    ("seg-weights", "surface"): TEXT,
    ("seg-kv", "surface"): TEXT,
    ("seg-act", "surface"): TEXT,
    ("seg-engine", "surface"): TEXT,
    ("line-strong", "paper surface"): GRAPHIC,
    ("focus", "paper surface"): GRAPHIC,
}
CODE_COLOURS = re.findall(r"\.highlight :is\([^)]*\) \{ color: var\(--([\w-]+)\)", (CSS / "article.css").read_text())


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def too_weak(foreground: str, background: str, least: float) -> list[str]:
    themes = zip(("light", "dark"), COLOURS[foreground], COLOURS[background], strict=True)
    found = [(theme, contrast(text, ground)) for theme, text, ground in themes]
    return [f"{foreground} on {background}, {theme}: {ratio:.2f} < {least}" for theme, ratio in found if ratio < least]


def test_the_formula_gives_the_known_ends() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


def test_every_pair_can_be_read() -> None:
    pairs = [(front, back, least) for (front, backs), least in PAIRS.items() for back in backs.split()]
    assert [miss for pair in pairs for miss in too_weak(*pair)] == []


def test_code_can_be_read() -> None:
    assert len(CODE_COLOURS) >= 5
    assert [miss for colour in CODE_COLOURS for miss in too_weak(colour, "code-bg", TEXT)] == []
