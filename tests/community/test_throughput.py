"""The chart: what is drawn, where, and that every number can be read without seeing it."""

import re
from collections.abc import Sequence
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from community.charts.throughput import LABEL_GAP, distinct_names, grid_step, moved_apart, throughput_panels
from community.models import Point, Series

Run = tuple[int, float] | tuple[int, float, float, float]


def make_points(**engines: Sequence[Run]) -> list[Point]:
    points = []
    for position, (engine, runs) in enumerate(engines.items()):
        series = Series(pk=position + 1, position=position, engine=engine, version="1.0", settings="--flag")
        for users, value, *ends in runs:
            low, high = ends or (None, None)
            points.append(Point(series=series, users=users, tokens_per_second=value, low=low, high=high))
    return points


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # also proves that it is well formed


def by_class(svg: str, name: str) -> list[ElementTree.Element]:
    return [element for element in drawn(svg).iter() if name in element.get("class", "").split()]


def test_without_points_nothing_is_drawn() -> None:
    assert throughput_panels([]) == []


def test_two_panels_total_and_per_user() -> None:
    total, share = throughput_panels(make_points(vLLM=[(5, 371.64), (50, 2832.3)], SGLang=[(5, 136.23), (50, 268.17)]))
    assert total.rows == ((5, ("371.6", "136.2")), (50, ("2,832.3", "268.2")))
    assert share.rows == ((5, ("74.3", "27.2")), (50, ("56.6", "5.4")))
    assert [line.settings for line in total.lines] == ["--flag", "--flag"]


def test_the_accessible_name_holds_every_value() -> None:
    total, share = throughput_panels(make_points(vLLM=[(5, 371.64), (50, 2832.3)], SGLang=[(5, 136.23)]))
    for panel in (total, share):
        name = drawn(panel.svg).get("aria-label", "")
        assert drawn(panel.svg).get("role") == "img"
        assert all(value in name for _users, cells in panel.rows for value in cells if value[0].isdigit())


def test_positions_follow_the_values_from_zero() -> None:
    (total, _share) = throughput_panels(make_points(vLLM=[(10, 100.0), (20, 150.0), (40, 200.0)]))
    lines = by_class(total.svg, "line")
    assert [(line.get("x1"), line.get("y1")) for line in lines] == [("25%", "50%"), ("50%", "25%")]
    assert [text.text for text in by_class(total.svg, "y")] == ["0", "50", "100", "150", "200"]


def test_ticks_stand_only_at_measured_points() -> None:
    (total, _share) = throughput_panels(make_points(vLLM=[(5, 10), (50, 20)], SGLang=[(20, 10), (50, 20)]))
    assert sorted(int(text.text or "") for text in by_class(total.svg, "x")) == [5, 20, 50]
    assert len(by_class(total.svg, "tick")) == 3


def test_crowded_tick_numbers_are_left_out_but_the_last_stays() -> None:
    (total, _share) = throughput_panels(make_points(vLLM=[(1, 5), (2, 10), (64, 20)]))
    assert [text.text for text in by_class(total.svg, "x")] == ["64", "2"]
    assert len(by_class(total.svg, "tick")) == 3


def test_a_repeated_run_has_a_bar_from_low_to_high() -> None:
    (total, share) = throughput_panels(make_points(vLLM=[(10, 100.0, 80.0, 120.0)]))
    (bar,) = by_class(total.svg, "spread")
    height = float(bar.get("y1", "").rstrip("%")) - float(bar.get("y2", "").rstrip("%"))
    assert height == pytest.approx(100 * 40 / 150, abs=0.1)  # the grid ends at 150
    assert total.rows == ((10, ("100.0 (80.0–120.0)",)),)
    assert share.rows == ((10, ("10.0 (8.0–12.0)",)),)


def test_each_line_has_its_own_marker_and_class() -> None:
    points = make_points(**{name: [(1, 10.0 * i)] for i, name in enumerate("abcde", start=1)})
    (total, _share) = throughput_panels(points)
    dots = by_class(total.svg, "dot")
    assert len({dot.get("class") for dot in dots}) == 5
    assert len({(dot.tag, dot.get("d")) for dot in dots}) == 5


def test_more_than_five_lines_are_tabled_but_not_drawn() -> None:
    points = make_points(**{name: [(1, 10.0)] for name in "abcdef"})
    (total, _share) = throughput_panels(points)
    assert len(by_class(total.svg, "dot")) == 5
    assert total.rows == ((1, ("10.0",) * 6),)


def test_what_was_not_measured_is_said() -> None:
    (total, _share) = throughput_panels(make_points(vLLM=[(5, 10.0), (50, 20.0)], SGLang=[(50, 5.0)]))
    assert total.rows[0] == (5, ("10.0", "기록 없음"))


def test_end_labels_keep_their_distance_and_stay_inside() -> None:
    for heights in ([50.0, 51.0, 52.0], [97.0, 98.0, 99.0, 99.5], [10.0, 90.0], [0.0] * 5):
        placed = sorted(moved_apart(heights))
        assert all(below - above >= LABEL_GAP - 1e-9 for above, below in pairwise(placed))
        assert placed[0] >= 0 and placed[-1] <= 100
    assert moved_apart([10.0, 90.0]) == [10.0, 90.0]


@pytest.mark.parametrize("highest", [0.3, 1, 5.4, 74.3, 99, 268, 1000, 2832.3, 5001])
def test_grid_has_at_most_five_lines_of_a_round_step(highest: float) -> None:
    step = grid_step(highest)
    assert 2 <= highest / step <= 5
    assert re.fullmatch(r"[125]0*(\.0)?|0\.0*[125]", f"{step:.10g}")


def test_engines_run_twice_are_numbered() -> None:
    assert distinct_names(["vLLM", "SGLang", "vLLM"]) == ["vLLM 1", "SGLang", "vLLM 2"]


def test_names_are_escaped() -> None:
    (total, _share) = throughput_panels(make_points(**{'<b>&"': [(1, 2.0)]}))
    assert [text.text for text in by_class(total.svg, "end")[0].iter("tspan")] == ['<b>&"', "2.0"]
