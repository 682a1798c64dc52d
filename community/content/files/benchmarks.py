"""benchmarks/<slug>.toml: measured throughput."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import tomli_w

from community.models import Benchmark, Point, Series

from .documents import Block, check_keys, parse_toml
from .rows import fill, meta_of, save, set_sources, source_keys
from .unit import Unit

FOLDER = "benchmarks"
KEYS = ("slug", "finding", "conditions", "measured_on")
SERIES_KEYS = ("engine", "version", "settings")
POINT_KEYS = ("users", "tokens_per_second", "low", "high")


def units(folder: Path) -> Iterator[Unit]:
    for path in sorted((folder / FOLDER).glob("*.toml")):
        name, text = f"{FOLDER}/{path.name}", path.read_text()
        block = Block(name, 1, text, parse_toml(name, text))
        check(block, path.stem)
        yield Unit(name, text, partial(current, path.stem), partial(save_benchmark, block))


def check(block: Block, stem: str) -> None:
    check_keys(block, (*KEYS, "sources", "series"), ("slug", "finding", "conditions", "series"))
    if block.meta["slug"] != stem:
        raise block.error("slug", f"slug must be the file's name, {stem}")
    for series in block.meta["series"]:
        check_keys(Block(block.path, block.line, block.head, series), (*SERIES_KEYS, "points"), ("engine", "points"))
        for point in series["points"]:
            check_keys(Block(block.path, block.line, block.head, point), POINT_KEYS, ("users", "tokens_per_second"))


def save_benchmark(block: Block) -> None:
    """The series are written anew: a benchmark's points belong together."""
    benchmark = Benchmark.objects.filter(slug=block.meta["slug"]).first() or Benchmark()
    if fill(benchmark, block, KEYS):
        save(benchmark, block)
    benchmark.series.all().delete()
    for position, meta in enumerate(block.meta["series"]):
        save_series(benchmark, position, Block(block.path, block.line, block.head, meta))
    set_sources(benchmark, block)


def save_series(benchmark: Benchmark, position: int, block: Block) -> None:
    series = Series(benchmark=benchmark, position=position)
    fill(series, block, SERIES_KEYS)
    save(series, block)
    for meta in block.meta["points"]:
        point = Point(series=series)
        fill(point, Block(block.path, block.line, block.head, meta), POINT_KEYS)
        save(point, block)


def current(slug: str) -> str:
    benchmark = Benchmark.objects.filter(slug=slug).first()
    return text_of(benchmark) if benchmark else ""


def text_of(benchmark: Benchmark) -> str:
    sources = source_keys(benchmark)
    meta = {
        **meta_of(benchmark, KEYS),
        **({"sources": sources} if sources else {}),
        "series": [series_meta(series) for series in benchmark.series.order_by("position")],
    }
    return tomli_w.dumps(meta)


def series_meta(series: Series) -> dict[str, Any]:
    points = [meta_of(point, POINT_KEYS) for point in series.points.order_by("users")]
    return {**meta_of(series, SERIES_KEYS), "points": points}


def dump() -> dict[str, str]:
    """Path -> text of every benchmark."""
    return {f"{FOLDER}/{benchmark.slug}.toml": text_of(benchmark) for benchmark in Benchmark.objects.all()}
