"""The geometry of charts."""

from dataclasses import dataclass

import pytest

from kit.templatetags.charts import draw_chart, nice_ceiling, short


@pytest.mark.parametrize(
    ("value", "ceiling"), [(0, 1), (0.7, 0.8), (1, 1), (12, 20), (520, 800), (26, 40), (1_000_001, 2_000_000)]
)
def test_axes_end_on_round_numbers(value: float, ceiling: float) -> None:
    assert nice_ceiling(value) == pytest.approx(ceiling)


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0"), (950, "950"), (1_500, "1.5k"), (4_200_000, "4.2m"), (2_000_000_000, "2bn")]
)
def test_axis_labels_are_short(number: float, text: str) -> None:
    assert short(number) == text


def test_points_lie_between_base_and_top() -> None:
    drawing = draw_chart([{"label": "a", "value": 0}, {"label": "b", "value": 8}], kind="line", width=400, height=200)
    low, high = drawing.marks
    assert low.y == drawing.base
    assert float(high.y) == pytest.approx(12)
    assert (low.x, high.x) == (drawing.left, drawing.right)


def test_objects_and_displays_are_read() -> None:
    @dataclass
    class Day:
        label: str
        value: int
        display: str

    mark = draw_chart([Day("1 Nov", 5, "₦5")], kind="bar", width=300, height=200).marks[0]
    assert (mark.label, mark.display) == ("1 Nov", "₦5")
    assert float(mark.height) > 0


def test_no_points_give_bare_axes() -> None:
    drawing = draw_chart([], kind="bar", width=300, height=200)
    assert drawing.marks == []
    assert len(drawing.ticks) == 5


def test_crowded_labels_are_thinned() -> None:
    points = [{"label": str(day), "value": day} for day in range(31)]
    drawing = draw_chart(points, kind="line", width=330, height=200)
    assert len(drawing.labels) <= 5
    assert len(drawing.marks) == 31
