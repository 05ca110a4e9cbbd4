"""Each row of the table of outages in docs/operations.md is held by tests of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.architecture.sources import ROOT

HEADING = "## When something is missing"
ROWS: Mapping[str, tuple[str, ...]] = {
    "Redis killed": (
        "config/test_outages.py::test_browsing_goes_on_without_redis",
        "config/test_outages.py::test_a_basket_is_503_within_a_second_and_says_when_to_try_again",
    ),
    "Redis hanging": (
        "config/test_outages.py::test_an_outage_is_met_once_and_then_known",
        "config/test_outages.py::test_threads_beside_the_one_that_tries_again_do_not_wait",
    ),
    "Redis full (256 MB)": (
        "runtime/test_embedded.py::test_a_full_redis_drops_cached_answers_and_keeps_baskets_and_queued_jobs",
    ),
    "PostgreSQL restarting": (
        "config/test_outages.py::test_a_database_that_restarts_is_503_with_the_time_to_try_again",
    ),
    "the service daemon, a worker, beat, the bulk worker": (
        "runtime/test_outages.py::test_people_go_on_and_jobs_wait_while_it_is_away",
    ),
    "a web worker, the web server": ("runtime/test_outages.py::test_a_web_server_that_is_killed_is_back_in_seconds",),
    "the payment provider silent or refusing": (
        "gateway/test_breaker.py::test_a_provider_that_does_not_answer_is_left_alone",
    ),
    "mail server": (
        "notifications/test_mail_outages.py::test_people_go_on_without_a_mail_server",
        "notifications/test_mail_outages.py::test_letters_wait_for_the_mail_server_and_are_sent_when_it_is_back",
    ),
}


def rows(text: str) -> list[str]:
    """Return the first cells of the table's rows."""
    table = text.partition(HEADING)[2].partition("\n## ")[0]
    cells = re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
    return [cell for cell in cells if cell not in {"Missing", "---"}]


@pytest.fixture(scope="module")
def written() -> str:
    return (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_every_row_has_tests_of_its_own(written: str) -> None:
    assert rows(written) == list(ROWS)
    named = [test for tests in ROWS.values() for test in tests]
    assert len(set(named)) == len(named)


@pytest.mark.parametrize("test", [test for tests in ROWS.values() for test in tests])
def test_the_tests_are_there(test: str) -> None:
    file, _, name = test.partition("::")
    source = (ROOT / "tests" / file).read_text(encoding="utf-8")
    assert re.search(rf"^def {name}\(", source, re.MULTILINE)


def test_a_row_without_tests_is_found(written: str) -> None:
    """The control."""
    more = written.replace("| mail server |", "| the clock | stops |\n| mail server |")
    assert rows(more) != list(ROWS)
