"""One script counts requests over sliding windows, for every limit."""

from __future__ import annotations

import re

import pytest

from tests.architecture.sources import ROOT, python_files

# A script of Redis that finds the window of a moment.
WINDOW = re.compile(r"redis\.call\((?s:.*)math\.floor|math\.floor(?s:.*)redis\.call\(")


def test_requests_are_counted_by_one_script() -> None:
    found = [str(path.relative_to(ROOT)) for path in python_files() if WINDOW.search(path.read_text(encoding="utf-8"))]
    assert found == ["platform/kit/web/limits.py"], "Count with kit.web.limits."


@pytest.mark.parametrize(
    "source",
    [
        "local minute = math.floor(now / 60)\nredis.call('INCR', KEYS[1])",
        "local now = redis.call('TIME')\nlocal minute = math.floor(now[1] / 60)",
    ],
)
def test_another_counter_is_found(source: str) -> None:
    """The control."""
    assert WINDOW.search(source)
