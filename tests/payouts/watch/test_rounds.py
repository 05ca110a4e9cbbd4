"""Rounds of the watch: findings begin, last and end, operators are told of each, and no check holds up another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from kit.db.sql import fetch_all
from notifications.models import Email, Notification
from payouts.audit import Finding, Found
from payouts.models import CheckFinding, CheckOutcome, CheckRun, WatchRound
from payouts.watch import keeping, making
from payouts.watch.acknowledging import acknowledge_finding
from payouts.watch.checks import THE_CHECK, WatchCheck
from payouts.watch.errors import RoundOpenError
from payouts.watch.health import find_watch
from payouts.watch.making import Made
from payouts.watch.rounds import open_round, run_due, run_round
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.ledger import run

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
pytestmark = pytest.mark.django_db


def finds(*subjects: str, total: int | None = None, problem: str = "", now: datetime) -> WatchRound:
    """Keep a round of one check that has found some subjects, or could not be made."""
    made = open_round(is_whole=False, actor_id=None, now=now)
    found = Found([Finding(each, "paid", "open") for each in subjects], len(subjects) if total is None else total)
    assert keeping.keep_round(round_id=made.pk, made=[Made("orders_overdue", now, now, found, problem)], now=now)
    return made


def letters() -> list[str]:
    return list(Email.objects.order_by("id").values_list("text", flat=True))


def open_subjects() -> set[str]:
    return set(CheckFinding.objects.filter(ended_at=None).values_list("subject", flat=True))


def test_a_finding_is_told_when_it_begins_after_a_day_and_when_it_is_over() -> None:
    operator = make_operator()
    finds("order KS-1", "order KS-2", now=NOW)
    finds("order KS-1", "order KS-2", now=NOW + HOUR)
    [begun] = letters()
    assert ("order KS-1" in begun, "order KS-2" in begun, "/operator/checks/findings/" in begun) == (True, True, True)
    second = CheckFinding.objects.get(subject="order KS-2")
    acknowledge_finding(finding_id=second.pk, actor_id=operator.pk, note="I ask the provider.", now=NOW + HOUR)

    finds("order KS-1", "order KS-2", now=NOW + DAY)
    finds("order KS-1", "order KS-2", now=NOW + DAY + HOUR)
    [_, lasting] = letters()
    assert ("Still there after a day" in lasting, "order KS-1" in lasting, "order KS-2" in lasting) == (
        True,
        True,
        False,
    )

    finds("order KS-2", now=NOW + 2 * DAY)
    assert open_subjects() == {"order KS-2"}
    assert len(letters()) == 2, "it may come back within the hour"
    finds("order KS-2", now=NOW + 2 * DAY + HOUR)
    [*_, over] = letters()
    assert ("Over" in over, "order KS-1" in over, "order KS-2" in over) == (True, True, False)
    finds("order KS-2", now=NOW + 3 * DAY)
    assert (len(letters()), Notification.objects.filter(user=operator, kind="watch.findings").count()) == (3, 3)


def test_what_comes_back_within_an_hour_is_the_same_finding() -> None:
    make_operator()
    for minutes, subjects in ((0, ["order KS-1"]), (15, []), (30, ["order KS-1"]), (45, []), (60, ["order KS-1"])):
        finds(*subjects, now=NOW + minutes * MINUTE)
    finding = CheckFinding.objects.get()
    assert (finding.first_seen_at, finding.last_seen_at, finding.ended_at) == (NOW, NOW + HOUR, None)
    assert len(letters()) == 1
    finds(now=NOW + 2 * HOUR)
    finds("order KS-1", now=NOW + 4 * HOUR)
    assert (CheckFinding.objects.count(), len(letters())) == (2, 2), "later it is another"


def test_a_letter_names_ten_and_counts_the_rest() -> None:
    make_operator()
    finds(*(f"order KS-{number}" for number in range(15)), now=NOW)
    [letter] = letters()
    assert (letter.count("order KS-"), "and 5 more" in letter) == (10, True)


def test_operators_are_told_in_their_language() -> None:
    operator = make_operator()
    operator.language = "fr"
    operator.save()
    finds("order KS-1", "stock of variant X-1 at indigo-fabrics", "a new form", "payment ks-2 of order KS-2", now=NOW)
    letter = Email.objects.get()
    assert letter.subject.startswith("Les contrôles du marché")
    for said in (
        "commande KS-1",
        "stock de la variante X-1 chez indigo-fabrics",
        "a new form",
        "paiement ks-2 de la commande KS-2",
    ):
        assert said in letter.text


@pytest.mark.parametrize(
    ("subjects", "total", "problem", "left"),
    [
        (["order KS-2"], 1, "", {"order KS-2"}),
        (["order KS-2"], 21, "", {"order KS-1", "order KS-2"}),
        ([], 0, "It hangs.", {"order KS-1", THE_CHECK}),
    ],
)
def test_a_check_ends_only_what_it_would_have_named(
    subjects: Sequence[str], total: int, problem: str, left: set[str]
) -> None:
    finds("order KS-1", now=NOW)
    finds(*subjects, total=total, problem=problem, now=NOW + HOUR)
    assert open_subjects() == left
    finds("order KS-3", total=21, now=NOW + 2 * HOUR)
    assert THE_CHECK not in open_subjects()


def test_a_check_that_fails_or_hangs_is_a_finding_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: datetime) -> Found:
        return Found([], len(fetch_all("SELECT 1 / 0")))

    def hang(_: datetime) -> Found:
        return Found([], len(fetch_all("SELECT pg_sleep(20)")))

    checks = [
        WatchCheck(name, name, "", find)
        for name, find in (("fails", fail), ("hangs", hang), ("works", lambda _: Found([Finding("x", "", "")], 1)))
    ]
    monkeypatch.setattr(making, "own_checks", lambda **_: checks)
    monkeypatch.setattr(making, "STATEMENT_MS", 50)
    made = open_round(is_whole=False, actor_id=None, now=NOW)
    assert run_round(made, now=NOW)
    runs = {each.name: each for each in made.runs.all()}
    assert [runs[name].outcome for name in ("fails", "hangs", "works")] == ["failed", "failed", "off"]
    assert "division by zero" in runs["fails"].problem
    assert runs["hangs"].problem == "The database ended it after 0 seconds."
    assert runs["balances_signed"].outcome == CheckOutcome.OK


def test_one_round_is_open_at_a_time_and_a_lost_one_ends() -> None:
    first = open_round(is_whole=True, actor_id=None, now=NOW)
    with pytest.raises(RoundOpenError):
        open_round(is_whole=False, actor_id=None, now=NOW)
    WatchRound.objects.filter(pk=first.pk).update(began_at=NOW)
    assert run_due(now=NOW + MINUTE) is None, "another worker has it"
    assert not run_round(first, now=NOW + MINUTE)

    open_round(is_whole=False, actor_id=None, now=NOW + 2 * HOUR)

    first.refresh_from_db()
    assert (first.ended_at, first.problem) == (
        NOW + 2 * HOUR,
        "It did not come to an end: its worker was lost.",
    )
    assert not keeping.keep_round(round_id=first.pk, made=[], now=NOW + 2 * HOUR), "its results come too late"


def test_rounds_are_made_when_they_are_due(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payouts.watch.rounds.make_checks", lambda **_: [])
    kinds = []
    for minutes in (0, 5, 15, 20, 30, 24 * 60, 24 * 60 + 5):
        made = run_due(now=NOW + minutes * MINUTE)
        kinds.append(made.is_whole if made else None)
    assert kinds == [True, None, False, None, False, True, None]


def test_a_round_that_fails_is_kept_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> list[Made]:
        raise RuntimeError("no snapshot")

    monkeypatch.setattr("payouts.watch.rounds.make_checks", fail)
    with pytest.raises(RuntimeError):
        run_due(now=NOW)
    assert WatchRound.objects.get().problem == "RuntimeError: no snapshot"
    monkeypatch.undo()
    assert [is_well(NOW + MINUTE), run_due(now=NOW + 4 * HOUR) is not None] == [False, True]


def is_well(now: datetime) -> bool:
    return find_watch(now).is_good


def test_a_watch_that_does_not_run_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payouts.watch.rounds.make_checks", lambda **_: [])
    assert not is_well(NOW)
    run_due(now=NOW)
    assert is_well(NOW + 30 * MINUTE)
    assert not is_well(NOW + 46 * MINUTE)
    for hours in range(1, 27):
        run_round(open_round(is_whole=False, actor_id=None, now=NOW + hours * HOUR), now=NOW + hours * HOUR)
    assert not is_well(NOW + 26 * HOUR + MINUTE), "all checks were made too long ago"


def test_old_rounds_are_deleted_with_their_results(monkeypatch: pytest.MonkeyPatch) -> None:
    finds("order KS-1", now=NOW)
    monkeypatch.setattr("payouts.watch.rounds.make_checks", lambda **_: [])
    run_due(now=NOW + 31 * DAY)
    assert (WatchRound.objects.count(), CheckRun.objects.count(), CheckFinding.objects.count()) == (1, 0, 1)


@pytest.mark.parametrize(
    ("constraint", "statement"),
    [
        (
            "watch_round_open_once",
            (
                "INSERT INTO payouts_watchround (id, is_whole, asked_at, problem) SELECT gen_random_uuid(), true,"
                " now(), '' FROM generate_series(1, 2)"
            ),
        ),
        ("watch_round_ends_after", "UPDATE payouts_watchround SET ended_at = asked_at - interval '1 s'"),
        ("check_run_ends_after", "UPDATE payouts_checkrun SET ended_at = began_at - interval '1 s'"),
        ("check_run_outcome_fits", "UPDATE payouts_checkrun SET outcome = 'ok'"),
        ("check_run_outcome_fits", "UPDATE payouts_checkrun SET outcome = 'failed', found = 0"),
        (
            "check_run_once",
            (
                "UPDATE payouts_checkrun SET name = 'x',"
                " round_id = (SELECT min(round_id::text) FROM payouts_checkrun)::uuid"
            ),
        ),
        ("finding_open_once", "UPDATE payouts_checkfinding SET subject = 'x'"),
        ("finding_times_in_order", "UPDATE payouts_checkfinding SET last_seen_at = first_seen_at - interval '1 s'"),
        ("finding_acknowledged_whole", "UPDATE payouts_checkfinding SET note = 'x'"),
        ("finding_end_told_after_end", "UPDATE payouts_checkfinding SET told_ended_at = now()"),
    ],
)
def test_the_database_refuses_what_no_round_writes(constraint: str, statement: str) -> None:
    finds("order KS-1", now=NOW)
    finds("order KS-1", "order KS-2", now=NOW + HOUR)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        run(statement)
