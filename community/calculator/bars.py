"""An estimate's memory -> bars: one for each GPU, and one for what stands in system memory."""

from __future__ import annotations

from itertools import groupby

from django.utils.translation import gettext as _

from community.charts.memory_bar import Bar, Segment
from community.sizing.estimate import EngineMemory, GpuMemory

from .words import PARTS

KINDS = {"weights": "weights", "kv_cache": "kv", "activations": "act", "runtime": "engine"}
MOST_BARS = 8  # beyond these, neighbours that are filled alike share one bar

Alike = tuple[str, GpuMemory, int]


def alike(memory: EngineMemory) -> list[Alike]:
    """(name, memory of one, how many) of neighbours that are filled alike: GPU 0, or GPU 0–7."""
    found, first = [], 0
    for gpu, run in groupby(memory.gpus):
        count = len(list(run))
        found.append((f"GPU {first}" if count == 1 else f"GPU {first}–{first + count - 1}", gpu, count))
        first += count
    return found


def bars_of(memory: EngineMemory) -> list[tuple[GpuMemory, Bar]]:
    """Each with what it shows; unequal cards give unequal bars."""
    named = [(f"GPU {number}", gpu) for number, gpu in enumerate(memory.gpus)]
    if len(named) > MOST_BARS:
        named = [(name, gpu) for name, gpu, _count in alike(memory)][:MOST_BARS]
    return [(gpu, bar_of(name, gpu)) for name, gpu in named]


def bar_of(name: str, gpu: GpuMemory) -> Bar:
    """Needed first, then what the engine sets aside besides, then what stays free."""
    segments = [Segment(kind, str(PARTS[part]), gpu.part(part)) for part, kind in KINDS.items()]
    beyond = min(gpu.reserved, gpu.usable) - gpu.needed
    if beyond > 0:
        segments.append(Segment("pool", _("KV 예약"), beyond))
    if gpu.free > 0:
        segments.append(Segment("free", _("남음"), gpu.free))
    return Bar(name, gpu.usable, tuple(segments), gpu.reserved)


def host_bar(memory: EngineMemory) -> Bar | None:
    """System memory has no known size here: it is drawn on the scale of the largest GPU."""
    if not memory.host_bytes:
        return None
    scale = max([memory.host_bytes, *(gpu.usable for gpu in memory.gpus)])
    return Bar(_("시스템 메모리"), scale, (Segment("host", _("시스템 메모리"), memory.host_bytes),))
