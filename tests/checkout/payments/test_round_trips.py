"""Number of statements and round trips of a payment from the provider's answer to the commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from checkout.payments.confirm_payment import confirm_payment
from paystack_sandbox.testing import SandboxProcess
from tenants.database.round_trips import RoundTrips, Rows, Statement
from tests.world.clock import NOW
from tests.world.market import open_shop, stock
from tests.world.payments import pay, started

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=3)


@pytest.mark.parametrize("shops", [1, 3])
def test_a_payment_takes_four_round_trips_however_many_shops(
    shops: int, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [stock(open_shop(f"shop-{number}")) for number in range(shops)]
    warm_up, payment = started(items[0].line()), started(*(item.line() for item in items))
    for each in (warm_up, payment):
        pay(paystack, each)
    confirm_payment(reference=warm_up.reference, now=SOON)  # opens the platform's ledger accounts
    trips: list[int] = []
    go = RoundTrips.go

    def counted(self: RoundTrips, statements: Sequence[Statement]) -> list[Rows]:
        trips.append(len(statements))
        return go(self, statements)

    monkeypatch.setattr(RoundTrips, "go", counted)
    with CaptureQueriesContext(connection) as queries:
        confirm_payment(reference=payment.reference, now=SOON)

    savepoints = [query for query in queries if "SAVEPOINT" in query["sql"]]
    # The payment; order and payment locked, parts, shops; the shops' records locked; then for each shop its stock, its
    # record and the part, and after these the order, the payment, the event and the journal.
    assert trips == [1, 3, shops, 3 * shops + 4]
    assert len(queries) == sum(trips) + len(savepoints)
