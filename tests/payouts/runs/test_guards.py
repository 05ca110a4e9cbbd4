"""Rules of payouts that the database itself keeps."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from kit.ids import uuid7
from payouts.models import Payout, PayoutRun, Transfer
from payouts.runs.create import create_runs
from tenants.models import Shop
from tests.world.books import make_operator
from tests.world.ledger import run, without_triggers
from tests.world.payouts import EARNED, payable_shop
from tests.world.releases import DUE

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    shop = payable_shop("indigo")
    create_runs(now=DUE)
    return shop


RULES: list[tuple[str, type[Any], dict[str, Any]]] = [
    ("payout_status_known", Payout, {"status": "sorted"}),
    ("payout_amount_positive", Payout, {"amount_minor": 0}),
    ("payout_netted_not_negative", Payout, {"netted_minor": -1}),
    ("payout_held_with_reason", Payout, {"status": "held"}),
    ("payout_run_approved_above_limit", PayoutRun, {"limit_minor": 0}),
    ("payout_run_approved_above_limit_of_day", PayoutRun, {"day_minor": 10**12}),
    ("payout_run_ended_when", PayoutRun, {"status": "done"}),
    ("payout_run_ended_when", PayoutRun, {"status": "sorted"}),
    ("transfer_amount_positive", Transfer, {"amount_minor": 0}),
    ("transfer_place_fits_state", Transfer, {"state": "cancelled"}),
    ("transfer_place_fits_state", Transfer, {"place": "back"}),
    ("transfer_place_fits_state", Transfer, {"place": "gone"}),
    ("transfer_asked_for_recipient", Transfer, {"state": "asked"}),
]


@pytest.mark.parametrize(("name", "model", "changes"), RULES)
def test_a_row_that_breaks_a_rule_is_refused(shop: Shop, name: str, model: type[Any], changes: dict[str, Any]) -> None:
    with without_triggers(), pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.update(**changes)


def test_the_maker_of_a_run_does_not_approve_it(shop: Shop) -> None:
    operator = make_operator()
    name = "payout_run_approved_by_another"
    with without_triggers(), pytest.raises(IntegrityError, match=name), transaction.atomic():
        PayoutRun.objects.update(created_by=operator, approved_by=operator)


def test_a_shop_has_one_open_payout_and_a_payout_one_transfer_that_pays(shop: Shop) -> None:
    payout, transfer = Payout.objects.get(), Transfer.objects.get()
    payout.pk = uuid7()
    with pytest.raises(IntegrityError, match="payout_one_open_each"), transaction.atomic():
        payout.save(force_insert=True)
    for changes, name in (
        ({"attempt": 2, "reference": "po-another"}, "transfer_pays_once"),
        ({"attempt": 1, "reference": "po-another", "state": "cancelled", "place": "back"}, "transfer_attempt_once"),
        ({"attempt": 2, "state": "cancelled", "place": "back"}, "transfer_reference_once"),
    ):
        fresh = Transfer.objects.get(pk=transfer.pk)
        fresh.pk = None
        for field, value in changes.items():
            setattr(fresh, field, value)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            fresh.save(force_insert=True)


def test_more_than_is_available_is_not_set_aside(shop: Shop) -> None:
    with pytest.raises(IntegrityError, match="never below zero"), transaction.atomic():
        run(
            "UPDATE payouts_balance SET amount_minor = -1 WHERE account_id ="
            " (SELECT id FROM payouts_account WHERE code = 'shop_available' AND shop_id = %s)",
            [shop.pk],
        )
    assert Payout.objects.get().amount_minor == EARNED
