"""Money of a part that goes back without a cancellation: sums, journals, letters, and what is refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from checkout.announcing.refunded_parts import announce_refunded_part
from checkout.errors import NotRefundableError, RefundTooLargeError, UnitsNotLeftError
from checkout.events import PartRefunded
from checkout.fulfilling.advance_part import deliver_part, ship_part
from checkout.fulfilment.services import Parcel
from checkout.models import Order, Refund, Reversal, ReversalKind, ReversedBy, SubOrder
from checkout.refunds.push_refunds import push_open_refunds
from checkout.reversals.cancel_units import Cancellation, cancel_units
from checkout.reversals.choosing import version_of_units
from checkout.reversals.refund_part import PartRefund, preview_refund, refund_part
from checkout.reversals.reverse import Actor
from kit.errors import ConflictError, InvalidInputError
from kit.ids import uuid7
from notifications.models import Email, Notification
from payouts.audit.run import run_audit
from payouts.models import AccountKind, JournalKind
from payouts.selectors import shop_balances
from payouts.services.accounts import AccountKey
from payouts.services.journals import JournalDraft, Leg, post, prepare_journal
from paystack_sandbox.testing import SandboxProcess
from tests.world.clock import NOW
from tests.world.coupons import buy_with
from tests.world.market import Stocked
from tests.world.own_shop import member
from tests.world.payments import states, sums

pytestmark = pytest.mark.django_db
SHOP, OPERATOR = Actor(ReversedBy.SHOP), Actor(ReversedBy.OPERATOR)


def parts_of(order: Order) -> list[SubOrder]:
    return list(SubOrder.objects.filter(order=order).select_related("shop").order_by("number"))


def refund(part: SubOrder, **asked: Any) -> Reversal:
    wish: dict[str, Any] = {"by": OPERATOR, "reason": "It arrived torn"} | asked
    return refund_part(PartRefund(part=part, **wish), now=NOW)


def cancel(part: SubOrder, units: dict[UUID, int]) -> Reversal:
    [reversal] = cancel_units(Cancellation(part.order_id, {part.pk: units}, Actor(ReversedBy.BUYER)), now=NOW)
    return reversal


def deliver(part: SubOrder) -> None:
    ship_part(shop=part.shop, number=part.number, parcel=Parcel(), now=NOW)
    deliver_part(shop=part.shop, number=part.number, now=NOW)


def findings() -> list[Any]:
    return [finding for result in run_audit(with_provider=False, now=NOW).results for finding in result.findings]


def fresh(part: SubOrder) -> SubOrder:
    return SubOrder.objects.select_related("shop").get(pk=part.pk)


def everything(order: Order) -> list[Any]:
    return [states(order), sums(), list(SubOrder.objects.order_by("pk").values()), Refund.objects.count()]


def test_units_of_a_delivered_part_are_paid_back_and_stay_with_the_buyer(paid: Order, cloth: Stocked) -> None:
    part, _ = parts_of(paid)
    deliver(part)
    before = sums()
    reversal = refund(part, units={cloth.variant_id: 1})
    assert reversal.kind == ReversalKind.REFUND
    assert reversal.refund_minor == reversal.total_minor > 0
    assert (reversal.items_minor, reversal.shipping_minor) == (1_000_000, 0)
    now = fresh(part)
    assert (now.status, now.cancelled_units, now.refunded_units) == ("delivered", {}, {str(cloth.variant_id): 1})
    after = sums()
    assert after["refunds_payable"] == -reversal.refund_minor
    assert after["shop_pending"] == before["shop_pending"] + reversal.payable_minor
    assert after["commission"] == before["commission"] + reversal.commission_minor
    assert findings() == []


def test_goodwill_is_borne_by_the_shop_with_its_commission_back(paid: Order, pot: Stocked) -> None:
    _, part = parts_of(paid)
    reversal = refund(part, goodwill_minor=500_000)
    assert (reversal.refund_minor, reversal.total_minor, reversal.lines) == (500_000, 0, {})
    assert reversal.commission_minor == part.commission_minor * 500_000 // part.total_minor
    assert fresh(part).payable_minor == part.payable_minor - 500_000 + reversal.commission_minor
    [asked] = Refund.objects.all()
    assert (asked.amount_minor, asked.sub_order_id, asked.reversal_id) == (500_000, part.pk, reversal.pk)
    assert findings() == []


def test_any_mixture_ends_at_exactly_what_was_paid(paid: Order, cloth: Stocked, pot: Stocked) -> None:
    first, second = parts_of(paid)
    refund(first, goodwill_minor=100_001)
    refund(first, units={cloth.variant_id: 1})
    cancel(first, {cloth.variant_id: 1})
    refund(second, goodwill_minor=7)
    refund(second, units={pot.variant_id: 1})
    deliver(fresh(first))
    refund(first, units={cloth.variant_id: 1}, goodwill_minor=0)
    for part in parts_of(paid):
        if part.kept_minor:
            refund(part, goodwill_minor=part.kept_minor)
    assert [part.kept_minor for part in parts_of(paid)] == [0, 0]
    assert [part.kept_commission_minor for part in parts_of(paid)] == [0, 0]
    assert sum(each.amount_minor for each in Refund.objects.all()) == paid.total_minor
    assert findings() == []
    for wish in ({"goodwill_minor": 1}, {"units": {cloth.variant_id: 1}}):
        with pytest.raises((RefundTooLargeError, UnitsNotLeftError)):
            refund(first, **wish)


def test_units_that_were_paid_back_are_cancelled_without_paying_again(paid: Order, pot: Stocked) -> None:
    _, part = parts_of(paid)
    paid_back = refund(part, units={pot.variant_id: 1})
    cancelled = cancel(part, {pot.variant_id: 1})
    assert paid_back.refund_minor + cancelled.refund_minor == part.total_minor
    now = fresh(part)
    assert (now.status, now.cancelled_units, now.refunded_units) == (
        "cancelled",
        {str(pot.variant_id): 1},
        {str(pot.variant_id): 0},
    )
    assert findings() == []


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"goodwill_minor": 10**12}, RefundTooLargeError),
        ({"delivery_minor": 10**12}, RefundTooLargeError),
        ({"units": {uuid7(): 1}}, UnitsNotLeftError),
        ({}, InvalidInputError),
        ({"goodwill_minor": 1, "seen": "another"}, ConflictError),
    ],
    ids=["more than was paid", "more than the delivery", "another line", "nothing", "seen before"],
)
def test_what_can_not_go_back_is_refused_and_nothing_changes(
    paid: Order, asked: dict[str, Any], refusal: type[Exception]
) -> None:
    part, _ = parts_of(paid)
    before = everything(paid)
    with pytest.raises(refusal):
        refund(part, **asked)
    assert everything(paid) == before


def test_the_whole_part_and_one_more(paid: Order, cloth: Stocked) -> None:
    part, _ = parts_of(paid)
    with pytest.raises(RefundTooLargeError) as refusal:
        refund(part, goodwill_minor=part.total_minor + 1)
    assert refusal.value.details == {"left_minor": part.total_minor}
    assert refund(part, goodwill_minor=part.total_minor).refund_minor == part.total_minor
    assert fresh(part).kept_minor == 0
    assert preview_refund(PartRefund(part=fresh(part), by=SHOP, reason="", units={cloth.variant_id: 1})) == 0


def test_what_was_not_paid_gives_nothing_back(cloth: Stocked) -> None:
    [part] = parts_of(buy_with(cloth.line(2)).order)
    with pytest.raises(NotRefundableError):
        refund(part, goodwill_minor=1)


def test_a_confirmation_is_of_what_was_seen(paid: Order) -> None:
    part, _ = parts_of(paid)
    seen = version_of_units([part])
    refund(part, goodwill_minor=100, seen=seen)
    with pytest.raises(ConflictError):
        refund(part, goodwill_minor=100, seen=seen)


def test_the_provider_gives_it_back_once(paid: Order, paystack: SandboxProcess) -> None:
    part, _ = parts_of(paid)
    refund(part, goodwill_minor=12_345)
    for _ in range(2):
        push_open_refunds(now=NOW)
    [sent] = paystack.call("GET", "/refund?perPage=100")["data"]
    assert sent["amount"] == 12_345


def release(part: SubOrder, amount_minor: int) -> None:
    """Move money of a part to what is payable, as a release will."""
    legs = [
        Leg(AccountKey(AccountKind.SHOP_PENDING, part.shop_id), amount_minor, part.pk),
        Leg(AccountKey(AccountKind.SHOP_AVAILABLE, part.shop_id), -amount_minor, part.pk),
    ]
    draft = JournalDraft(JournalKind.SALE, f"released {part.number}", "Released", part.currency, NOW)
    post(prepare_journal(draft=draft, legs=legs, now=NOW))


def pay_out(part: SubOrder, amount_minor: int) -> None:
    legs = [
        Leg(AccountKey(AccountKind.SHOP_AVAILABLE, part.shop_id), amount_minor),
        Leg(AccountKey(AccountKind.SHOP_IN_TRANSIT, part.shop_id), -amount_minor),
    ]
    draft = JournalDraft(JournalKind.SALE, f"paid out {part.number}", "Paid out", part.currency, NOW)
    post(prepare_journal(draft=draft, legs=legs, now=NOW))


def test_it_is_taken_of_what_is_pending_then_payable_then_owed(paid: Order, cloth: Stocked) -> None:
    part, _ = parts_of(paid)
    release(part, part.payable_minor - 1_000)
    pay_out(part, part.payable_minor - 1_000 - 500)
    reversal = refund(part, goodwill_minor=part.total_minor)
    balances = shop_balances(shop_id=part.shop_id)
    assert (balances.pending_minor, balances.available_minor) == (0, 0)
    assert sums()["shop_receivable"] == reversal.payable_minor - 1_500
    before = sums()
    assert before["commission"] == -parts_of(paid)[1].commission_minor


def test_buyer_and_shop_are_told_once(paid: Order, cloth: Stocked) -> None:
    part, _ = parts_of(paid)
    owner = member(cloth.shop)
    by_market = refund(part, units={cloth.variant_id: 1}, reason="Torn at the seam")
    by_shop = refund(part, goodwill_minor=5_000, by=Actor(ReversedBy.SHOP, owner.pk), reason="Sorry for the delay")
    for reversal in (by_market, by_shop):
        for _ in range(2):
            announce_refunded_part(PartRefunded(reversal.pk), NOW)
    letters = list(Email.objects.filter(dedup_key__startswith="part-refunded").order_by("pk"))
    assert sorted(letter.to for letter in letters) == sorted([paid.email, paid.email, owner.email])
    to_buyer = [letter.text for letter in letters if letter.to == paid.email]
    assert "Torn at the seam" in to_buyer[0]
    assert "You don't have to send anything back." in to_buyer[0]
    assert "Cloth Hall refunds ₦50 of your order" in to_buyer[1]
    assert Notification.objects.filter(user=owner, kind="shop.part_refunded").count() == 1
    assert cloth.shop.events.latest("pk").kind == "order.refunded"
