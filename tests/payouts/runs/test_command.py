"""`manage.py payouts run|approve|status` for people and for programs."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from payouts.models import PayoutRun, RunStatus
from tenants.models import Shop
from tests.world.books import make_operator
from tests.world.factories.people import person
from tests.world.payouts import EARNED, figures, payable_shop

pytestmark = pytest.mark.django_db


def payouts(*arguments: str) -> str:
    out = io.StringIO()
    call_command("payouts", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def shop() -> Shop:
    return payable_shop("indigo")


def test_a_dry_run_writes_nothing(shop: Shop) -> None:
    assert "indigo" in payouts("run", "--dry-run")
    [line] = json.loads(payouts("run", "--dry-run", "--json", "--shop", "indigo"))["shops"]
    assert (line["shop"], line["amount_minor"], line["skipped"]) == ("indigo", EARNED, None)
    assert figures(shop) == {"available": EARNED}
    assert not PayoutRun.objects.exists()


def test_a_run_above_the_limit_is_approved_by_another_operator(shop: Shop, settings: LazySettings) -> None:
    settings.PAYOUT_SECOND_APPROVAL_MINOR = 0
    first, second = make_operator(), person(email="second@kasuwa.test", name="Second", is_operator=True)

    [made] = json.loads(payouts("run", "--json", "--by", first.email))["runs"]

    assert (made["payouts"], made["total_minor"], made["needs_approval"]) == (1, EARNED, True)
    for email in (first.email, "nobody@kasuwa.test"):
        with pytest.raises(CommandError):
            payouts("approve", made["id"], "--by", email)
    assert "1 payouts" in payouts("approve", made["id"], "--by", second.email)
    assert PayoutRun.objects.get().status == RunStatus.SENDING


@pytest.mark.parametrize("arguments", [["run", "--shop", "nobody"], ["run", "--by", "nobody@x.test"], ["run"]])
def test_what_can_not_be_done_says_why(arguments: Any, db: None) -> None:
    with pytest.raises(CommandError):
        payouts(*arguments)


def test_status_tells_what_is_under_way(shop: Shop) -> None:
    payouts("run")
    said = json.loads(payouts("status", "--json"))
    assert said["payouts"] == [{"currency": "NGN", "status": "prepared", "payouts": 1, "amount_minor": EARNED}]
    assert "prepared" in payouts("status")
