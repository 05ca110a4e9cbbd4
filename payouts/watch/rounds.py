"""Rounds of the watch: the quick checks often, all of them daily, and either when an operator asks."""

import logging
from datetime import datetime, timedelta
from time import monotonic

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from gateway.guard import refuse_inside_transaction
from kit.work.jobs import wake
from payouts.models import CheckFinding, WatchRound
from payouts.watch.errors import RoundOpenError
from payouts.watch.keeping import keep_round
from payouts.watch.making import make_checks

logger = logging.getLogger(__name__)

TASK = "payouts.tasks.watch"
QUICK_EVERY, WHOLE_EVERY = timedelta(minutes=15), timedelta(days=1)
MARGIN = timedelta(seconds=30)  # a schedule is never to the second
AGAIN_AFTER = timedelta(hours=3)  # a whole round that was lost
LOST_AFTER = timedelta(hours=1)  # more than a worker may take for one
ROUNDS_KEPT, FINDINGS_KEPT = timedelta(days=30), timedelta(days=365)
LOST = gettext_noop("It did not come to an end: its worker was lost.")


def ask_for_round(*, is_whole: bool, actor_id: int | None, now: datetime) -> WatchRound:
    """Have checks made by a worker after the commit.

    Raises:
        RoundOpenError: a round waits or is under way.
    """
    asked = open_round(is_whole=is_whole, actor_id=actor_id, now=now)
    wake(TASK)
    return asked


def run_due(*, now: datetime) -> WatchRound | None:
    """Make the round that was asked for, or the one that is due; None where none is, or one is under way."""
    _end_lost(now)
    waiting = WatchRound.objects.filter(ended_at__isnull=True).first()
    if waiting is None:
        is_whole = _is_whole_due(now)
        if not is_whole and _last(now, QUICK_EVERY).exists():
            return None
        try:
            waiting = open_round(is_whole=is_whole, actor_id=None, now=now)
        except RoundOpenError:
            return None
    return waiting if run_round(waiting, now=now) else None


def open_round(*, is_whole: bool, actor_id: int | None, now: datetime) -> WatchRound:
    """Write a round that is to be made; of two at a time the database refuses one (`watch_round_open_once`).

    Raises:
        RoundOpenError: a round waits or is under way.
    """
    _end_lost(now)
    try:
        with transaction.atomic():
            return WatchRound.objects.create(is_whole=is_whole, asked_by_id=actor_id, asked_at=now)
    except IntegrityError as error:
        raise RoundOpenError from error


def run_round(waiting: WatchRound, *, with_provider: bool = True, now: datetime) -> bool:
    """Make a round that waits, keep its results and tell of them; return False where another worker has it."""
    refuse_inside_transaction()
    started = monotonic()
    mine = WatchRound.objects.filter(pk=waiting.pk, began_at__isnull=True, ended_at__isnull=True)
    if not mine.update(began_at=now):
        return False
    try:
        made = make_checks(round_id=waiting.pk, is_whole=waiting.is_whole, with_provider=with_provider, now=now)
        ended_at = now + timedelta(seconds=monotonic() - started)
        keep_round(round_id=waiting.pk, made=made, now=ended_at)
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"[:200]
        WatchRound.objects.filter(pk=waiting.pk, ended_at__isnull=True).update(ended_at=now, problem=problem)
        raise
    if waiting.is_whole:
        _purge(now)
    waiting.refresh_from_db()
    return True


def _end_lost(now: datetime) -> None:
    """End a round whose worker does not come back."""
    silent = Q(began_at__lt=now - LOST_AFTER)
    lost = WatchRound.objects.filter(silent, ended_at__isnull=True).update(ended_at=now, problem=LOST)
    if lost:
        logger.error("A round of the watch did not come to an end.")


def _last(now: datetime, every: timedelta) -> "QuerySet[WatchRound]":
    return WatchRound.objects.filter(asked_at__gt=now - every + MARGIN)


def _is_whole_due(now: datetime) -> bool:
    whole = _last(now, WHOLE_EVERY).filter(is_whole=True)
    good = whole.filter(problem="").exists()
    return not good and not whole.filter(asked_at__gt=now - AGAIN_AFTER).exists()


def _purge(now: datetime) -> None:
    WatchRound.objects.filter(ended_at__lt=now - ROUNDS_KEPT).delete()
    CheckFinding.objects.filter(ended_at__lt=now - FINDINGS_KEPT).delete()
