"""The path language that the drawings are written in."""

import pytest

from demo.art.paths import box, ellipse, mirror, moved, path, spaced, turned


def test_straight_commands_give_their_corners() -> None:
    assert path("M1 2 H5 V6 L1 6 Z") == [(1.0, 2.0), (5.0, 2.0), (5.0, 6.0), (1.0, 6.0)]


def test_curves_end_where_they_say() -> None:
    assert path("M0 0 Q5 10 10 0")[-1] == (10.0, 0.0)
    assert path("M0 0 C0 10 10 10 10 0")[-1] == (10.0, 0.0)
    assert max(y for _, y in path("M0 0 Q5 10 10 0")) == pytest.approx(5, abs=0.05)


def test_shapes_stay_in_their_bounds() -> None:
    for shape, bounds in ((box(1, 2, 9, 6, 2), (1, 2, 9, 6)), (ellipse(5, 4, 4, 2), (1, 2, 9, 6))):
        xs, ys = [x for x, _ in shape], [y for _, y in shape]
        assert (min(xs), min(ys), max(xs), max(ys)) == pytest.approx(bounds, abs=1e-6)


def test_moving_turning_and_mirroring() -> None:
    assert moved([(1, 1)], 2, 3) == [(3, 4)]
    assert mirror([(40, 7)]) == [(60, 7)]
    assert turned([(60, 50)], 90)[0] == pytest.approx((50, 60))


def test_beads_lie_an_even_distance_apart() -> None:
    points = spaced([(0, 0), (3, 0), (10, 0)], 2)
    assert [x for x, _ in points] == pytest.approx([0, 2, 4, 6, 8, 10])
