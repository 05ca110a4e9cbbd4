"""The limit above which a second person approves counts over a day, so that small runs are no way around it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, transaction

from payouts.models import RunStatus, UnapprovedDay
from payouts.runs.approve import approve_run
from payouts.runs.create import create_runs
from tests.world.books import make_operator
from tests.world.payouts import EARNED, payable_shop
from tests.world.releases import DUE

pytestmark = pytest.mark.django_db


def test_small_runs_of_a_day_are_counted_together(settings: LazySettings) -> None:
    settings.PAYOUT_SECOND_APPROVAL_MINOR = 2 * EARNED
    shops = [payable_shop(f"shop-{number}", number=f"012345678{number}") for number in range(5)]

    def made(number: int, *, hours: int) -> str:
        [run] = create_runs(now=DUE + timedelta(hours=hours), shop_id=shops[number].pk)
        if run.status == RunStatus.WAITING and number == 3:
            approve_run(run_id=run.pk, actor_id=make_operator().pk, now=DUE + timedelta(hours=hours))
        return run.status

    states = [made(0, hours=0), made(1, hours=1), made(2, hours=2), made(3, hours=3)]

    assert states == [RunStatus.SENDING, RunStatus.SENDING, RunStatus.WAITING, RunStatus.WAITING]
    assert made(4, hours=25) == RunStatus.SENDING, "what a second person approved is not counted, nor what is a day old"
    assert UnapprovedDay.objects.get().total_minor == EARNED


def test_a_day_is_not_negative(settings: LazySettings) -> None:
    payable_shop("indigo")
    create_runs(now=DUE)
    with pytest.raises(IntegrityError, match="unapproved_day_not_negative"), transaction.atomic():
        UnapprovedDay.objects.update(total_minor=-1)
