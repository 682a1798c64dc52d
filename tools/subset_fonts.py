"""Cuts "AiNex Text" out of Pretendard: run when texts have changed much, commit what it writes.

    python tools/subset_fonts.py PretendardVariable.ttf

Writes static/fonts/ainex-text-core.woff2 (Latin, symbols and every syllable the site uses) and ainex-text-ks.woff2 (the
rest of the 2,350 syllables of KS X 1001). A cut font is a modified one: it bears its own name.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

ROOT = Path(__file__).resolve().parent.parent
TEXTS = [("fixtures", "*.md"), ("fixtures", "*.toml"), ("templates", "*.html"), ("community", "*.py")]
FAMILY = "AiNex Text"
WEIGHTS = (400, 700)
HANGUL = range(0xAC00, 0xD7A4)
LATIN = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *range(0x2010, 0x2028),
    0x2060,
    *range(0x2190, 0x2194),
    *range(0x2260, 0x2266),
]
SYMBOLS = [ord(symbol) for symbol in "′″※₩€™−×÷±≈∞√∙○●◎□■△▲▽▼◇◆★☆✓·…「」『』〈〉《》【】、。"]
LEGAL_NAMES = (0, 7, 13, 14)  # copyright, trademark, licence: these keep the name of the original


def main(source: Path) -> None:
    used = {ord(character) for text in site_texts() for character in text}
    core = cut(source, used | {*LATIN, *SYMBOLS}, "core")
    cut(source, ks_x_1001() - core, "ks")


def site_texts() -> Iterable[str]:
    for folder, pattern in TEXTS:
        for path in sorted((ROOT / folder).rglob(pattern)):
            yield path.read_text()


def ks_x_1001() -> set[int]:
    """Syllables with a code of their own; the codec spells the others out in eight bytes."""
    return {code for code in HANGUL if len(chr(code).encode("euc_kr")) == 2}


def cut(source: Path, wanted: set[int], name: str) -> set[int]:
    """Writes the font with the wanted characters and returns those it has."""
    font = TTFont(source)
    options = Options(flavor="woff2", hinting=False, layout_features=["kern", "mark", "mkmk", "ccmp", "locl", "tnum"])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=wanted & set(font.getBestCmap()))
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"wght": WEIGHTS})
    rename(font)
    font.flavor = "woff2"
    path = ROOT / f"static/fonts/ainex-text-{name}.woff2"
    font.save(path)
    print(f"{path.name}: {len(font.getBestCmap()):,} characters, {path.stat().st_size / 1000:.0f} kB")
    return set(font.getBestCmap())


def rename(font: TTFont) -> None:
    for record in font["name"].names:
        if record.nameID not in LEGAL_NAMES:
            name = str(record).replace("Pretendard Variable", FAMILY).replace("PretendardVariable", "AiNexText")
            record.string = name.replace("Pretendard", FAMILY)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
