"""Two disputes of one payment: the shops bear what was lost of their sale, whichever of them ends first."""

from __future__ import annotations

import pytest

from checkout.errors import RefundTooLargeError
from checkout.models import ReversedBy
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from payouts.models import Dispute, ReleaseHold
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.disputes import Bank, findings, follow, paid_for, parts_of, release_all
from tests.world.market import open_shop, stock
from tests.world.payments import sums

pytestmark = pytest.mark.django_db
OPERATOR = Actor(ReversedBy.OPERATOR)


@pytest.mark.parametrize("first", ["the one that is lost", "the one that is won"])
@pytest.mark.parametrize("is_released", [False, True])
def test_of_two_disputes_of_all_the_lost_one_costs_the_shops_their_share(
    paystack: SandboxProcess, first: str, is_released: bool
) -> None:
    """The first holds everything, and is won; the other has found nothing left, and is lost."""
    cloth = stock(open_shop("cloth-hall"), price_minor=1_000_001, on_hand=10)
    pot = stock(open_shop("pot-house"), sku="POT-1", price_minor=3_000_000, on_hand=5)
    bank, (order, payment) = Bank(paystack), paid_for(paystack, cloth.line(3), pot.line())
    if is_released:
        release_all(order)
    won, lost = bank.dispute(payment), bank.dispute(payment)
    assert [follow(each).amount_minor for each in (won, lost)] == [order.total_minor, 0]

    if first == "the one that is lost":
        bank.decide(lost, "auto-accepted")
        follow(lost)
        assert sums()["dispute_losses"] == order.total_minor
        bank.decide(won, "declined")
        follow(won)
        assert Dispute.objects.get(provider_id=lost).problem == ""
    else:
        bank.decide(won, "declined")
        follow(won)
        dispute = Dispute.objects.get(provider_id=lost)
        assert (dispute.amount_minor, dispute.problem) == (order.total_minor, "")
        assert ReleaseHold.objects.filter(reason="dispute", closed_at=None).count() == (0 if is_released else 2)
        assert findings() == []
        bank.decide(lost, "auto-accepted")
        follow(lost)

    fee = payment.fees_minor or 0
    assert sums() == {"clearing:paystack": -fee, "psp_fees": fee}
    assert [part.kept_minor for part in parts_of(order)] == [0, 0]
    assert not ReleaseHold.objects.filter(closed_at=None).exists()
    assert findings() == []
    with pytest.raises(RefundTooLargeError):
        refund_part(PartRefund(part=parts_of(order)[0], by=OPERATOR, reason="Torn", goodwill_minor=1), now=NOW)
