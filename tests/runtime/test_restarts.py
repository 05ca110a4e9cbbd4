"""The pause before a process that ended is started again."""

from __future__ import annotations

from runtime.restarts import WINDOW_SECONDS, Restarts


def test_the_first_end_is_followed_by_a_start_at_once_and_each_further_one_by_twice_the_pause() -> None:
    restarts = Restarts(first_pause=0.05, longest_pause=2.0)
    pauses = [restarts.after_end(now=second / 10) for second in range(9)]
    assert pauses == [0.0, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]


def test_ends_older_than_the_window_do_not_count() -> None:
    restarts = Restarts(first_pause=0.5, longest_pause=5.0)
    for second in range(50):
        restarts.after_end(now=float(second))
    assert restarts.after_end(now=50.0) == 5.0
    assert restarts.after_end(now=50.0 + WINDOW_SECONDS) == 0.0
    assert restarts.count == 1
