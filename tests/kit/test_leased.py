"""Work that waits for its turn: claimed once, put off, given up; a row that fails holds up no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction

from kit.work import leased, rounds
from notifications.models import Email
from notifications.services.emails import EMAILS
from tests.world.clock import NOW

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


class SilentError(Exception):
    """The service outside does not answer."""

    def __init__(self, retry_after: int | None = None) -> None:
        self.retry_after = retry_after
        super().__init__("no answer")


class HopelessError(Exception):
    """The work can never succeed."""


# The subject names the service that a letter needs.
KIND = replace(EMAILS, service="subject", silent=(SilentError,), lasting=(HopelessError,))


def wait_for(*names: str, service: str = "post", due_in: timedelta = timedelta()) -> None:
    for number, name in enumerate(names):
        Email.objects.create(
            to="ada@example.com",
            subject=service,
            text="x",
            dedup_key=name,
            created_at=NOW,
            due_at=NOW + due_in + number * MINUTE,
        )


def acting(**raised: Exception) -> tuple[list[str], Callable[[Email], None]]:
    tried: list[str] = []

    def act(email: Email) -> None:
        tried.append(email.dedup_key)
        if email.dedup_key in raised:
            raise raised[email.dedup_key]
        leased.done(KIND, email, now=NOW, sent_at=NOW)

    return tried, act


def row(name: str) -> Email:
    return Email.objects.get(dedup_key=name)


def test_waits_grow_up_to_a_cap_and_honour_what_the_other_side_asks_for() -> None:
    back_off = leased.BackOff(first=MINUTE, cap=10 * MINUTE, attempts=3)
    assert [back_off.wait(n) / MINUTE for n in (0, 1, 2, 3, 4, 5, 6, 32_000)] == [1, 1, 2, 4, 8, 10, 10, 10]
    assert back_off.wait(1, retry_after=90) == timedelta(seconds=90)
    assert back_off.wait(1, retry_after=5) == MINUTE
    assert back_off.wait(1, retry_after=10**15) == timedelta(days=1)
    assert [back_off.is_spent(n) for n in (2, 3, 4)] == [False, True, True]
    assert not leased.BackOff(first=MINUTE, cap=MINUTE).is_spent(10**6)


def test_a_claim_takes_the_longest_due_first_and_nothing_that_is_not_due(
    django_assert_num_queries: Callable[..., Any],
) -> None:
    wait_for("later", due_in=timedelta(hours=1))
    wait_for("first", "second", "third", due_in=-timedelta(hours=1))
    with django_assert_num_queries(1):
        claimed = leased.claim(KIND, now=NOW, limit=2)
    assert [(email.dedup_key, email.attempts, email.leased_until) for email in claimed] == [
        ("first", 0, NOW + KIND.lease),
        ("second", 0, NOW + KIND.lease),
    ]
    assert claimed[0].created_at == NOW
    assert [email.dedup_key for email in leased.claim(KIND, now=NOW, limit=9)] == ["third"]
    assert leased.claim(KIND, now=NOW, limit=9) == []


def test_a_row_whose_worker_died_comes_again_and_is_given_up_in_the_end() -> None:
    wait_for("deadly")
    now = NOW
    for _ in range(KIND.back_off.attempts or 0):
        [claimed] = leased.claim(KIND, now=now)
        assert leased.begin(KIND, claimed)
        assert leased.claim(KIND, now=now + KIND.lease - timedelta(seconds=1)) == []
        now += KIND.lease + KIND.back_off.wait(claimed.attempts)
    assert leased.claim(KIND, now=now) == []
    assert (row("deadly").last_error, row("deadly").given_up_at) == (leased.DIED, now)


def test_who_has_lost_the_lease_has_no_say_but_what_is_done_is_done() -> None:
    wait_for("slow")
    [mine] = leased.claim(KIND, now=NOW)
    [theirs] = leased.claim(KIND, now=NOW + KIND.lease)
    leased.put_off(KIND, mine, now=NOW + KIND.lease, reason="too late")
    leased.give_up(KIND, mine, now=NOW + KIND.lease, reason="too late")
    assert (row("slow").last_error, row("slow").leased_until) == ("", theirs.leased_until)
    assert leased.done(KIND, mine, now=NOW + KIND.lease, sent_at=NOW)
    leased.put_off(KIND, theirs, now=NOW + KIND.lease, reason="it was there already")
    assert (row("slow").last_error, row("slow").sent_at) == ("", NOW)


def test_any_reason_can_be_kept() -> None:
    wait_for("odd")
    [odd] = leased.claim(KIND, now=NOW)
    leased.put_off(KIND, odd, now=NOW, reason="nul \x00, half a pair \udc80, " + "long " * 100)
    kept = row("odd").last_error
    assert kept.startswith("nul , half a pair \\udc80, long long")
    assert len(kept) == 300


def test_a_bad_row_holds_up_none_behind_it_and_ends_no_round() -> None:
    wait_for("raises", "silent", "hopeless", "sound", "also-sound", due_in=-timedelta(hours=1))
    tried, act = acting(
        raises=ZeroDivisionError("one / none"), silent=SilentError(600), hopeless=HopelessError("never")
    )
    assert rounds.work_through(KIND, act, now=NOW) == rounds.Round(done=2, failed=3, is_complete=True)
    assert tried == ["raises", "silent", "hopeless", "sound", "also-sound"]
    assert (row("raises").due_at, row("raises").last_error) == (NOW + MINUTE, "ZeroDivisionError: one / none")
    assert row("silent").due_at == NOW + 10 * MINUTE
    assert (row("hopeless").given_up_at, row("hopeless").last_error) == (NOW, "never")


def test_a_row_that_breaks_its_transaction_ends_no_round() -> None:
    wait_for("first", "second", due_in=-timedelta(hours=1))
    done: list[str] = []

    def act(email: Email) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            if email.dedup_key == "first":
                cursor.execute("SELECT 1 / 0")
            done.append(email.dedup_key)

    assert rounds.work_through(KIND, act, now=NOW).failed == 1
    assert done == ["second"]
    assert "division by zero" in row("first").last_error


def test_a_silent_service_stops_only_what_needs_it_and_counts_no_try_of_the_others() -> None:
    names = [f"letter-{number:02}" for number in range(20)]
    wait_for(*names, due_in=-timedelta(hours=2))
    wait_for("parcel", "box", service="courier", due_in=-timedelta(hours=1))
    tried, act = acting(**{name: SilentError() for name in names})
    found = rounds.work_through(KIND, act, now=NOW)
    assert (found.done, found.failed, found.is_complete) == (2, rounds.SILENT_ROWS + 1, True)
    assert tried == [*names[: rounds.SILENT_ROWS], "parcel", "box", names[-1]]
    untried = Email.objects.filter(dedup_key__in=names[rounds.SILENT_ROWS : -1])
    assert set(untried.values_list("attempts", "leased_until", "last_error")) == {(0, None, "")}
    assert leased.due(KIND, now=NOW).count() == len(untried)


def test_an_answer_in_between_shows_that_the_service_is_there() -> None:
    names = [f"letter-{number:02}" for number in range(3 * rounds.SILENT_ROWS)]
    wait_for(*names, due_in=-timedelta(hours=2))
    tried, act = acting(**{name: SilentError() for number, name in enumerate(names) if number % 3})
    assert rounds.work_through(KIND, act, now=NOW).done == rounds.SILENT_ROWS
    assert tried == names


def test_without_a_named_service_all_wait_for_the_one_there_is() -> None:
    names = [f"letter-{number:02}" for number in range(2 * rounds.SILENT_ROWS)]
    wait_for(*names, due_in=-timedelta(hours=2))
    tried, act = acting(**{name: SilentError() for name in names})
    assert rounds.work_through(replace(KIND, service=None), act, now=NOW).failed == rounds.SILENT_ROWS + 1
    assert tried == [*names[: rounds.SILENT_ROWS], names[-1]]


def test_a_round_ends_in_time_and_gives_back_what_it_has_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for("first", "second", "third", due_in=-timedelta(hours=1))
    clock = [0.0]
    monkeypatch.setattr(rounds, "monotonic", lambda: clock[0])
    tried: list[str] = []

    def act(email: Email) -> None:
        tried.append(email.dedup_key)
        clock[0] += 30
        leased.done(KIND, email, now=NOW, sent_at=NOW)

    found = rounds.work_through(KIND, act, now=NOW, seconds=40)
    assert (tried, found.is_complete) == (["first", "second"], False)
    assert (row("third").attempts, row("third").leased_until) == (0, None)
    assert rounds.work_through(KIND, act, now=NOW, cap=1).done == 1


def test_a_round_takes_all_that_is_due_not_a_fixed_number() -> None:
    wait_for(*[f"letter-{number:03}" for number in range(4 * rounds.BATCH + 1)], due_in=-timedelta(days=1))
    _, act = acting()
    assert rounds.work_through(KIND, act, now=NOW) == rounds.Round(4 * rounds.BATCH + 1, 0, is_complete=True)


@pytest.mark.parametrize("is_killed", [False, True])
def test_a_row_that_kills_its_worker_blocks_nobody_and_counts_for_nobody_else(
    is_killed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_killed:  # it has no time to give anything back
        monkeypatch.setattr(rounds, "release", lambda *_, **__: None)
    wait_for("poison", "a", "b", "c", due_in=-timedelta(hours=1))

    def act(email: Email) -> None:
        if email.dedup_key == "poison":
            raise SystemExit
        leased.done(KIND, email, now=NOW, sent_at=NOW)

    with pytest.raises(SystemExit):
        rounds.work_through(KIND, act, now=NOW)
    assert set(Email.objects.exclude(dedup_key="poison").values_list("attempts", flat=True)) == {0}
    assert row("poison").attempts == 1
    wait_for("fresh", due_in=KIND.lease)
    if is_killed:
        with pytest.raises(SystemExit):
            rounds.work_through(KIND, act, now=NOW + KIND.lease + MINUTE)
    else:
        assert rounds.work_through(KIND, act, now=NOW + KIND.lease).done == 4
    assert set(Email.objects.filter(sent_at=NOW).values_list("dedup_key", flat=True)) == {"a", "b", "c", "fresh"}


def test_a_row_that_is_somebody_elses_by_now_is_not_begun() -> None:
    wait_for("slow")
    [mine] = leased.claim(KIND, now=NOW)
    [theirs] = leased.claim(KIND, now=NOW + KIND.lease)
    assert (leased.begin(KIND, mine), leased.begin(KIND, theirs), row("slow").attempts) == (False, True, 1)


def test_what_is_given_back_is_due_as_it_was() -> None:
    wait_for("first", "second", "third", due_in=-timedelta(hours=1))
    for claimed in leased.claim(KIND, now=NOW, limit=2):
        leased.release(KIND, claimed, now=NOW)
    assert [email.dedup_key for email in leased.claim(KIND, now=NOW, limit=3)] == ["first", "second", "third"]


def test_a_wish_too_long_for_a_clock_ends_no_round() -> None:
    wait_for("bad", "good", due_in=-timedelta(hours=1))
    _, act = acting(bad=SilentError(10**15))
    assert rounds.work_through(KIND, act, now=NOW).done == 1
    assert row("bad").due_at == NOW + timedelta(days=1)


def test_a_failure_that_cannot_be_noted_ends_no_round(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for("bad", "good", due_in=-timedelta(hours=1))
    _, act = acting(bad=SilentError())
    monkeypatch.setattr(rounds, "put_off", lambda *_, **__: 1 / 0)
    assert rounds.work_through(KIND, act, now=NOW) == rounds.Round(done=1, failed=1, is_complete=True)


@pytest.mark.parametrize("failed_before", [0, 3])
def test_many_bad_rows_are_not_taken_for_a_silent_service(failed_before: int) -> None:
    names = [f"bad-{number:02}" for number in range(60)]
    wait_for(*names, due_in=-timedelta(hours=3))
    Email.objects.update(attempts=failed_before)
    wait_for("good", due_in=-timedelta(hours=1))
    _, act = acting(**{name: SilentError() for name in names})
    assert rounds.work_through(KIND, act, now=NOW).done == 1
    assert row("good").sent_at == NOW


def test_a_silent_service_is_asked_a_few_times_however_many_rows_wait() -> None:
    Email.objects.bulk_create(
        Email(to="a@example.com", subject="post", text="x", dedup_key=str(n), created_at=NOW, due_at=NOW)
        for n in range(1000)
    )
    tried, act = acting(**{str(n): SilentError() for n in range(1000)})
    rounds.work_through(KIND, act, now=NOW)
    assert len(tried) == rounds.SILENT_ROWS + 1


def test_a_task_out_of_time_ends_the_round_and_gives_back_the_rest() -> None:
    wait_for("long", "next", due_in=-timedelta(hours=1))
    _, act = acting(long=SoftTimeLimitExceeded())
    with pytest.raises(SoftTimeLimitExceeded):
        rounds.work_through(KIND, act, now=NOW)
    assert (row("long").attempts, row("long").due_at) == (1, NOW + MINUTE)
    assert (row("next").attempts, row("next").leased_until) == (0, None)


def test_a_claim_within_a_transaction_is_refused() -> None:
    wait_for("ada")

    with transaction.atomic(), pytest.raises(leased.UncommittedClaimError):
        leased.claim(KIND, now=NOW)

    assert row("ada").leased_until is None
    assert [email.dedup_key for email in leased.claim(KIND, now=NOW)] == ["ada"]
