"""Changes of a shop's release terms by an operator, and single orders held or released."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy

from checkout.orders.shop_orders import get_sub_order
from checkout.releasing.schedule import earned
from console.audit_actions import AuditAction
from console.audit_values import terms_in
from console.errors import ReasonMissingError
from console.services.audit_log import record
from console.services.shops import subject_of
from kit.web.versions import Seen
from payouts.release import holds, schedules, terms
from payouts.release.schedules import EarnedPart
from payouts.release.terms import OwnTerms
from tenants.models import Shop

RELEASE_TERMS_CHANGED = AuditAction(
    "shop.money_terms_changed",
    gettext_lazy("Shop’s release terms changed"),
    gettext_lazy("%(who)s changed the release terms of the shop %(subject)s from %(before)s to %(after)s."),
    terms_in,
)
MONEY_HELD = AuditAction(
    "shop.money_held",
    gettext_lazy("Money of an order held"),
    gettext_lazy("%(who)s held the money of the order %(part)s of the shop %(subject)s."),
)
HOLD_ENDED = AuditAction(
    "shop.money_hold_ended",
    gettext_lazy("Hold of an order’s money ended"),
    gettext_lazy("%(who)s ended the hold on the money of the order %(part)s of the shop %(subject)s."),
)
RELEASED_EARLY = AuditAction(
    "shop.money_released",
    gettext_lazy("Money of an order released early"),
    gettext_lazy("%(who)s released the money of the order %(part)s of the shop %(subject)s before its day."),
)
RELEASE_ACTIONS = (RELEASE_TERMS_CHANGED, MONEY_HELD, HOLD_ENDED, RELEASED_EARLY)


def change_release_terms(
    *, shop: Shop, own: OwnTerms, actor_id: int, reason: str, now: datetime, seen: Seen = None
) -> None:
    """Set a shop's own days and reserve, or reset them to the market's; what stays isn't written.

    Raises:
        ReasonMissingError: no reason was given.
        ShopNotFoundError, InvalidInputError, ChangedMeanwhileError: as `change_terms`; nothing is changed.
    """
    _check(reason)
    with transaction.atomic():
        before, after = terms.change_terms(shop_id=shop.pk, terms=own, actor_id=actor_id, now=now, seen=seen)
        if before != after:
            record(
                actor_id=actor_id,
                action=RELEASE_TERMS_CHANGED,
                subject=subject_of(shop),
                reason=reason,
                details={"before": before.as_json(), "after": after.as_json()},
                now=now,
            )


def hold_order_money(*, shop: Shop, number: str, actor_id: int, reason: str, now: datetime) -> None:
    """Hold the money of a shop's order; the shop reads the reason.

    Raises:
        ReasonMissingError: no reason was given.
        NotFoundError: the shop has no such order.
        AlreadyReleasedError, AlreadyHeldError: as `hold_by_hand`.
    """

    def act(part: EarnedPart) -> None:
        holds.hold_by_hand(part=part, note=reason, actor_id=actor_id, now=now)

    _act(act, MONEY_HELD, shop=shop, number=number, actor_id=actor_id, reason=reason, now=now)


def end_order_hold(*, shop: Shop, number: str, actor_id: int, reason: str, now: datetime) -> None:
    """End an operator's hold of an order's money.

    Raises:
        ReasonMissingError: no reason was given.
        NotFoundError: the shop has no such order.
        NotHeldError: no operator holds it.
    """

    def act(part: EarnedPart) -> None:
        holds.end_hold_by_hand(sub_order_id=part.sub_order_id, now=now)

    _act(act, HOLD_ENDED, shop=shop, number=number, actor_id=actor_id, reason=reason, now=now)


def release_order_early(*, shop: Shop, number: str, actor_id: int, reason: str, now: datetime) -> None:
    """Have an order's money released with the next round, before its day; open holds keep it still.

    Raises:
        ReasonMissingError: no reason was given.
        NotFoundError: the shop has no such order.
        NotDeliveredError, AlreadyReleasedError: as `release_early`.
    """

    def act(part: EarnedPart) -> None:
        schedules.release_early(sub_order_id=part.sub_order_id, now=now)

    _act(act, RELEASED_EARLY, shop=shop, number=number, actor_id=actor_id, reason=reason, now=now)


def _act(
    act: Callable[[EarnedPart], None],
    action: AuditAction,
    *,
    shop: Shop,
    number: str,
    actor_id: int,
    reason: str,
    now: datetime,
) -> None:
    _check(reason)
    with transaction.atomic():
        part = get_sub_order(shop_id=shop.pk, number=number)
        act(earned(part))
        record(
            actor_id=actor_id,
            action=action,
            subject=subject_of(shop),
            reason=reason,
            details={"part": part.number},
            now=now,
        )


def _check(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissingError
