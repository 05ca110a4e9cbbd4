"""Decide the outcome of a captured charge: shares of the shops, refunds and their reasons. A pure function.

Money received is always booked: to the shops of the order that it pays for, else as owed to the buyer.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_noop

from checkout.fulfilment.services import PartProblem
from checkout.fulfilment.status import UNPAID, PartStatus
from checkout.models import OrderStatus, PaymentStatus, SubOrder
from checkout.orders.payments import LockedPayment
from checkout.orders.shares import share_of
from checkout.stored_sentences import PAID_IN_OTHER_CURRENCY, PAID_TOO_LITTLE
from gateway.port import Verification
from kit.money import Money
from payouts.services.posting import SaleShare
from tenants.life.lifecycle import may_fulfil
from tenants.shops.selectors import ShopFacts

# Reasons and notes are kept in English, and shown in the reader's language.
UNPAID_ORDER = frozenset({OrderStatus.PENDING, OrderStatus.EXPIRED})
NOT_OURS = gettext_noop("Not our money: paid in another mode, live or test, or nothing was paid.")
PAID_TOO_LATE = gettext_noop("Paid too long after the order's time was over.")
REASONS = {
    PartProblem.SOLD_OUT: gettext_noop("Sold out before the payment arrived."),
    PartProblem.NOT_FOR_SALE: gettext_noop("No longer for sale when the payment arrived."),
    PartProblem.PRICE_CHANGED: gettext_noop("The price changed before the payment arrived."),
    PartProblem.SHOP_NOT_SELLING: gettext_noop("The shop wasn't selling when the payment arrived."),
    PartProblem.SHOP_CLOSED: gettext_noop("The shop closed before the payment arrived."),
    PartProblem.COUPON_USED_UP: gettext_noop("The coupon was used up before the payment arrived."),
}
EXCHANGE_ENDED = gettext_noop("The exchange had ended, and its money goes back.")
NOTHING_LEFT = gettext_noop("Nothing of the order could be had any more; all of it goes back.")
SURPLUS = gettext_noop("More was paid than asked for; the rest goes back.")


@dataclass(frozen=True, slots=True)
class Capture:
    """A charge that the provider reports as paid; order and payment are locked."""

    locked: LockedPayment
    verification: Verification
    is_live: bool
    now: datetime

    @property
    def paid_at(self) -> datetime:
        """Return the time of payment: the provider's, unless it is impossible by our clock."""
        at = self.verification.paid_at
        return at if at is not None and self.locked.payment.created_at <= at <= self.now else self.now

    @property
    def credit_minor(self) -> int:
        """Return the money of a return that pays for the order beside the charge."""
        return self.locked.order.credit_minor

    @property
    def has_discounts(self) -> bool:
        """Return whether something was taken off the order, as coupons do."""
        return any(part.discount_minor or part.delivery_discount_minor for part in self.locked.parts)

    @property
    def parts(self) -> list[tuple[SubOrder, ShopFacts]]:
        """Return the order's parts with their shops, in the order of locks on the shops' rows (docs/locking.md)."""
        pairs = [(part, self.locked.shops[part.shop_id]) for part in self.locked.parts]
        return sorted(pairs, key=lambda pair: pair[1].schema_name)


@dataclass(frozen=True, slots=True)
class RefundDue:
    """A refund to the buyer; `part` is the part of the order that it is for, if any."""

    amount_minor: int
    reason: str
    part: SubOrder | None = None


@dataclass(frozen=True, slots=True)
class CaptureDecision:
    """Rows to write for a captured charge.

    Args:
        is_booked: False where the money is not ours, so that no journal is posted.
        order_status: None where the order stays as it is.
        part_statuses: new statuses of the parts that change, by id.
    """

    payment_status: PaymentStatus
    note: str = ""
    is_booked: bool = True
    shares: tuple[SaleShare, ...] = ()
    refunds: tuple[RefundDue, ...] = ()
    order_status: OrderStatus | None = None
    part_statuses: Mapping[UUID, PartStatus] = field(default_factory=dict)

    @property
    def refundable_minor(self) -> int:
        """Return the sum of the refunds."""
        return sum(refund.amount_minor for refund in self.refunds)

    @property
    def leaves_nothing(self) -> bool:
        """Return whether it paid for an order of which nothing could be had any more."""
        return bool(self.part_statuses) and not self.shares


def can_pay_order(capture: Capture) -> bool:
    """Return whether the charge is what the order waits for, so that stock may be taken for it."""
    return not (_is_not_ours(capture) or _mismatch(capture) or _needs_no_money(capture))


def decide_capture(
    capture: Capture,
    *,
    obtained: Collection[UUID] = (),
    problems: Mapping[UUID, PartProblem] = MappingProxyType({}),
) -> CaptureDecision:
    """Compare the paid amount with the requested one, and decide.

    Args:
        obtained: the parts whose stock has been taken for the buyer; looked at only where `can_pay_order`.
        problems: why others can't be had, by part.
    """
    if _is_not_ours(capture):
        return CaptureDecision(PaymentStatus.MISMATCHED, NOT_OURS, is_booked=False)
    if problem := _mismatch(capture):
        return _give_all_back(capture, PaymentStatus.MISMATCHED, problem)
    if problem := _needs_no_money(capture):
        return _give_all_back(capture, PaymentStatus.CAPTURED, problem)
    return _pay_order(capture, obtained, problems)


def _is_not_ours(capture: Capture) -> bool:
    return capture.verification.is_live != capture.is_live or capture.verification.amount_minor <= 0


def _mismatch(capture: Capture) -> str:
    payment, verification = capture.locked.payment, capture.verification
    if verification.currency != payment.currency:
        return PAID_IN_OTHER_CURRENCY.written(paid=verification.currency, asked=payment.currency)
    if verification.amount_minor < payment.amount_minor:
        return PAID_TOO_LITTLE.written(
            paid=Money(verification.amount_minor, payment.currency), asked=Money(payment.amount_minor, payment.currency)
        )
    return ""


def _needs_no_money(capture: Capture) -> str:
    """Return the reason why an order can't take money, or an empty text."""
    order, parts = capture.locked.order, capture.locked.parts
    if order.exchange_of_id and order.status == OrderStatus.EXPIRED:
        return EXCHANGE_ENDED
    if order.status in UNPAID_ORDER and any(part.status in UNPAID for part in parts):
        return PAID_TOO_LATE if _is_too_late(capture) else ""
    if order.status in {OrderStatus.PAID, OrderStatus.COMPLETED}:
        return gettext_noop("The order was paid already.")
    return gettext_noop("The order had ended already.")


def _is_too_late(capture: Capture) -> bool:
    order = capture.locked.order
    if order.status != OrderStatus.EXPIRED:
        return False
    return capture.paid_at > order.expires_at + timedelta(hours=settings.LATE_PAYMENT_HOURS)


def _give_all_back(capture: Capture, status: PaymentStatus, problem: str) -> CaptureDecision:
    return CaptureDecision(status, problem, refunds=(RefundDue(capture.verification.amount_minor, problem),))


def _pay_order(capture: Capture, obtained: Collection[UUID], problems: Mapping[UUID, PartProblem]) -> CaptureDecision:
    shares = tuple(share_of(part) for part, _ in capture.parts if part.pk in obtained)
    refunds = [
        RefundDue(part.total_minor - capture.credit_minor, REASONS[problems.get(part.pk) or _unsaid(shop)], part)
        for part, shop in capture.parts
        if part.pk not in obtained and part.total_minor > capture.credit_minor
    ]
    surplus = capture.verification.amount_minor - capture.locked.payment.amount_minor
    if surplus:
        refunds.append(RefundDue(surplus, gettext_noop("Paid beyond the order's total.")))
    return CaptureDecision(
        PaymentStatus.CAPTURED,
        note=str(SURPLUS if surplus else "") if shares else NOTHING_LEFT,
        shares=shares,
        refunds=tuple(refunds),
        order_status=OrderStatus.PAID if shares else _ended(capture),
        part_statuses={
            part.pk: PartStatus.NEW if part.pk in obtained else PartStatus.UNFULFILLABLE for part, _ in capture.parts
        },
    )


def _ended(capture: Capture) -> OrderStatus | None:
    """Return the status of an order of which nothing is left: one that has ended already stays as it is."""
    return OrderStatus.CANCELLED if capture.locked.order.status == OrderStatus.PENDING else None


def _unsaid(shop: ShopFacts) -> PartProblem:
    """Return the reason for a part that has none yet: its shop is gone, or else its stock."""
    return PartProblem.SOLD_OUT if may_fulfil(shop.status) else PartProblem.SHOP_CLOSED
