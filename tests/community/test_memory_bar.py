"""The memory bar: positions in per cent, thin parts visible, every value in words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.charts.memory_bar import LEAST, Bar, Segment, drawn_widths, legend, memory_bar


def gib(size):
    return f"{size} GiB"


def rects(svg):
    return [
        (kind, float(x), float(width))
        for kind, x, width in re.findall(r'<rect class="(\w+)" x="([\d.e-]+)%" width="([\d.e-]+)%"', svg)
    ]


def bar(*segments, capacity=100, limit=0):
    return Bar("GPU 0", capacity, tuple(Segment(kind, name, size) for kind, name, size in segments), limit)


def test_the_legend_names_what_some_bar_has():
    bars = [bar(("weights", "가중치", 60), ("kv", "KV 캐시", 0)), bar(("pool", "KV 예약", 1), ("weights", "가중치", 9)),
            bar(("host", "시스템 메모리", 5))]  # fmt: skip
    assert legend(bars) == {"weights": "가중치", "pool": "KV 예약"}


def test_parts_stand_in_order_and_fill_the_bar():
    svg = memory_bar(bar(("weights", "가중치", 60), ("kv", "KV 캐시", 30), ("free", "남음", 10)), gib)
    assert rects(svg) == [("weights", 0, 60), ("kv", 60, 30), ("free", 90, 10)]
    assert "<title>가중치 60 GiB</title>" in svg
    assert "style" not in svg


def test_the_drawing_is_named_with_all_its_values():
    svg = memory_bar(bar(("weights", "가중치", 60), ("kv", "KV 캐시", 0), ("free", "남음", 40)), gib)
    assert 'role="img" aria-label="GPU 0: 가중치 60 GiB, 남음 40 GiB, 전체 100 GiB"' in svg


def test_a_label_stands_inside_from_18_per_cent():
    svg = memory_bar(bar(("weights", "가중치", 82), ("kv", "KV 캐시", 17), ("free", "남음", 1)), gib)
    assert svg.count("<text") == 1
    assert memory_bar(bar(("weights", "가중치", 82), ("kv", "KV 캐시", 18)), gib).count("<text") == 2


def test_a_label_that_a_narrow_bar_has_no_room_for_is_marked():
    svg = memory_bar(bar(("weights", "가중치", 60), ("pool", "KV 예약", 30), ("free", "남음", 10)), gib)
    assert re.findall(r'<text class="([\w -]+)"', svg) == ["weights", "pool if-wide"]


def test_a_thin_part_is_drawn_wider_than_it_is():
    svg = memory_bar(bar(("weights", "가중치", 9990), ("kv", "KV 캐시", 10), capacity=10_000), gib)
    assert rects(svg) == [("weights", 0, 98.5), ("kv", 98.5, LEAST)]


def test_what_is_too_much_is_hatched_beyond_the_end():
    svg = memory_bar(bar(("weights", "가중치", 200), capacity=100), gib)
    assert ("over", 50, 50) in rects(svg)
    assert '<line class="end" x1="50%"' in svg
    assert "100 GiB 모자람" in svg


def test_the_limit_ends_the_reserved_part():
    svg = memory_bar(bar(("weights", "가중치", 50), ("pool", "KV 예약", 40), ("free", "남음", 10), limit=90), gib)
    assert '<line class="limit" x1="90%"' in svg
    assert '<line class="limit" x1="20%"' in memory_bar(bar(("weights", "가중치", 50), limit=20), gib)


def test_a_name_is_escaped():
    svg = memory_bar(Bar('<b>"', 100, (Segment("weights", "<i>", 50),)), gib)
    assert "<b>" not in svg and "<i>" not in svg


@given(st.lists(st.floats(0.001, 100), min_size=1, max_size=7))
def test_no_part_is_lost_and_none_leaves_the_bar(sizes):
    shares = [100 * size / sum(sizes) for size in sizes]
    widths = drawn_widths(shares)
    assert min(widths) >= LEAST - 1e-9
    assert sum(widths) == pytest.approx(100)
