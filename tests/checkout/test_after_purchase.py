"""Every way to undo a purchase, in every state of it, over one shop and over three: money, stock and letters."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from checkout.errors import AlreadySentError, OrderNotCancellableError
from checkout.models import ReversedBy
from kit.errors import DomainError
from notifications.models import Email
from payouts.audit.run import run_audit
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import TODAY
from tests.world.purchases import (
    BUYER,
    CHEAPER,
    DELIVERY,
    QUANTITY,
    UNIT,
    Act,
    bought,
    cancel_one,
    cancel_whole,
    delivered,
    end_unpaid,
    exchange_one,
    give_goodwill,
    not_paid,
    paid,
    partly_sent,
    refund_one,
    send_one_back,
)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Done:
    """Result: the refund for one shop and for each further one, units back on shelves, and the letters."""

    refund_minor: int
    of_each_other_minor: int = 0
    units: int = 0
    units_of_others: int = 0
    writes_to_shop: bool = True


WHOLE = QUANTITY * UNIT + DELIVERY
ONE = Done(UNIT, units=1)
# For each way: before payment, paid, one of three sent, delivered. An error: it is refused, and nothing has changed.
WAYS: dict[str, tuple[Act, tuple[Done | type[DomainError], ...]]] = {
    "end it unpaid": (
        end_unpaid,
        (Done(0, writes_to_shop=False), OrderNotCancellableError, OrderNotCancellableError, OrderNotCancellableError),
    ),
    "cancel it whole": (
        cancel_whole,
        (OrderNotCancellableError, Done(WHOLE, WHOLE, QUANTITY, QUANTITY), AlreadySentError, AlreadySentError),
    ),
    "the buyer cancels a unit": (
        cancel_one(ReversedBy.BUYER),
        (OrderNotCancellableError, ONE, ONE, AlreadySentError),
    ),
    "the shop cancels a unit": (
        cancel_one(ReversedBy.SHOP),
        (OrderNotCancellableError, *[Done(UNIT, units=1, writes_to_shop=False)] * 2, AlreadySentError),
    ),
    "the market cancels a unit": (
        cancel_one(ReversedBy.OPERATOR),
        (OrderNotCancellableError, ONE, ONE, AlreadySentError),
    ),
    "the shop refunds a unit": (refund_one(ReversedBy.SHOP), (DomainError, *[Done(UNIT, writes_to_shop=False)] * 3)),
    "the market gives goodwill": (give_goodwill, (DomainError, *[Done(5_000)] * 3)),
    "the buyer sends a unit back": (send_one_back, (DomainError, DomainError, DomainError, ONE)),
    "the buyer exchanges a unit": (exchange_one("L"), (*[DomainError] * 3, Done(0, units=1))),
    "the buyer exchanges it for a cheaper one": (exchange_one("S"), (*[DomainError] * 3, Done(CHEAPER, units=1))),
}
STATES = (not_paid, paid, partly_sent, delivered)


@pytest.mark.parametrize("count", [1, 3], ids=["one shop", "three shops"])
@pytest.mark.parametrize("state", range(len(STATES)), ids=[each.__name__ for each in STATES])
@pytest.mark.parametrize("way", WAYS)
def test_what_becomes_of_it(paystack: SandboxProcess, way: str, state: int, count: int) -> None:
    purchase, owner = bought(count)
    STATES[state](purchase, paystack)
    _, stock_before, _ = purchase.measured()
    Email.objects.all().delete()
    act, expected = WAYS[way][0], WAYS[way][1][state]

    if isinstance(expected, type):
        with pytest.raises(expected):
            act(purchase)
        assert purchase.measured() == (0, stock_before, set())
        return
    act(purchase)

    back, on_hand, told = purchase.measured()
    assert back == expected.refund_minor + (count - 1) * expected.of_each_other_minor
    units = [expected.units, *[expected.units_of_others] * (count - 1)]
    assert on_hand == [before + more for before, more in zip(stock_before, units, strict=True)]
    assert told == {BUYER, *([owner.email] if expected.writes_to_shop else [])}
    report = run_audit(with_provider=False, now=TODAY)
    assert [finding for result in report.results for finding in result.findings] == []
