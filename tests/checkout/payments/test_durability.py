"""Commits of a purchase that wait for the disk, and the one that does not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import connection

from checkout.cart import store
from checkout.cart.store import CartId
from checkout.models import Payment
from checkout.payments.start_payment import STORE_PAGE
from checkout.placing.check_out import check_out
from paystack_sandbox.testing import SandboxProcess
from tenants.database.round_trips import RoundTrips, Rows, Statement
from tests.world.clock import NOW
from tests.world.market import open_shop, order_request, stock


def test_the_order_waits_for_the_disk_and_the_address_of_its_page_does_not(
    live_database: str, paystack: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit is as durable as the setting says at its end, so each round trip is asked for it there."""
    levels: list[tuple[bool, str]] = []
    go = RoundTrips.go

    def go_and_look(self: RoundTrips, statements: Sequence[Statement]) -> list[Rows]:
        at = len(statements) - (statements[-1][0] == "COMMIT")
        look = ("SELECT current_setting('synchronous_commit')", ())
        rows = go(self, [*statements[:at], look, *statements[at:]])
        [(level,)] = rows.pop(at)
        levels.append((statements[0][0] == STORE_PAGE, level))
        return rows

    store.write_line(CartId.of_guest("durable"), stock(open_shop("cloth-hall")).line())
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = 'on'")
        monkeypatch.setattr(RoundTrips, "go", go_and_look)
        bought = check_out(cart=CartId.of_guest("durable"), request=order_request(), network="", now=NOW)
        monkeypatch.undo()
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)
        cursor.execute("RESET synchronous_commit")
    assert bought.payment_url == Payment.objects.get().payment_url != ""
    assert set(levels) == {(False, "on"), (True, "off")}
