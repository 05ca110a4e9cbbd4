"""Each row of the table of outages in docs/operations.md has tests of its own; all work that waits is told there."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.apps import apps

from kit.db.leased_work import LeasedWork
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
        "notifications/test_emails.py::test_a_broken_server_is_tried_again_for_a_day_and_given_up_in_the_end",
    ),
    "the gateway of messages to phones": (
        "notifications/test_text_messages.py::test_a_gateway_that_can_t_be_reached_is_asked_until_the_last_try",
    ),
    "the source of carriers' rates": (
        "checkout/zones/test_carrier_methods.py::test_while_it_does_not_answer_the_shops_own_price_counts",
        "checkout/zones/test_carrier_methods.py::test_a_shop_with_no_other_way_waits_and_the_rest_is_sold",
    ),
    "the bucket of pictures or private files": (
        "config/test_buckets.py::test_a_bucket_that_fails_is_met_with_try_again_and_nothing_is_kept",
    ),
    "name servers": ("tenants/hosts/test_domains.py::test_name_servers_that_are_down_for_an_hour_alarm_nobody",),
}


def section(text: str, heading: str) -> str:
    return text.partition(heading)[2].partition("\n## ")[0]


def rows(text: str) -> list[str]:
    """Return the first cells of the table's rows."""
    table = section(text, HEADING)
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


def waiting_tables() -> set[str]:
    """Return the tables whose rows are work that waits."""
    return {model._meta.db_table for model in apps.get_models() if issubclass(model, LeasedWork)}


def test_all_work_that_waits_is_told_with_its_waits(written: str) -> None:
    told = re.findall(r"^\| [^|]+ \| `(\w+)`", section(written, "## Work that waits"), re.MULTILINE)
    assert sorted(told) == sorted(waiting_tables()), "Operators read there how long it waits (docs/operations.md)."


def test_a_row_without_tests_is_found(written: str) -> None:
    """The control."""
    more = written.replace("| mail server |", "| the clock | stops |\n| mail server |")
    assert rows(more) != list(ROWS)
