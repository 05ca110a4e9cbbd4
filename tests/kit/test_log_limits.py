"""A fault that lasts writes a few lines a minute, not one for each request that meets it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings

from kit.log_limits import LINES, WINDOW_SECONDS, RepeatFilter


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(clock: Clock) -> tuple[logging.Logger, list[str]]:
    handler = Kept()
    handler.addFilter(RepeatFilter(clock))
    logger = logging.getLogger(f"under test {id(handler)}")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    logger.propagate = False
    return logger, handler.lines


def fail(logger: logging.Logger, number: int, cause: Callable[[], object] = lambda: int("one")) -> None:
    try:
        cause()
    except ValueError:
        logger.exception("request %s failed", number)


def test_lines_of_one_kind_are_few_a_minute_and_the_next_one_says_how_many_were_left_out(
    log: tuple[logging.Logger, list[str]], clock: Clock
) -> None:
    logger, lines = log
    for number in range(1000):
        fail(logger, number)
    assert lines == [f"request {number} failed" for number in range(LINES)]
    clock.now += WINDOW_SECONDS
    fail(logger, 1000)
    assert lines[LINES:] == [f"request 1000 failed (and {1000 - LINES} more like it)"]


def test_another_kind_of_fault_at_the_same_place_is_told_of_at_once(log: tuple[logging.Logger, list[str]]) -> None:
    logger, lines = log
    for number in range(100):
        fail(logger, number)
    fail(logger, 100, lambda: int("two"))
    assert lines[-1] == "request 100 failed"


def test_lines_that_tell_of_no_fault_are_all_written(log: tuple[logging.Logger, list[str]]) -> None:
    logger, lines = log
    for number in range(100):
        logger.info("served %s", number)
    assert len(lines) == 100


def test_every_handler_of_the_settings_has_the_limit() -> None:
    logging_settings: dict[str, Any] = settings.LOGGING
    for handler in logging_settings["handlers"].values():
        assert {"refusals", "repeats"} <= set(handler["filters"])
