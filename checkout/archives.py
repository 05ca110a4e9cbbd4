"""Orders in a shop's archive: written with it, and compared and reconciled after a restore."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, ngettext

from accounts.services.erasure import GONE
from catalogue.services import reservations
from checkout.fulfilment.models import StockState
from checkout.fulfilment.services.forgetting import forget_buyers, has_records
from checkout.fulfilment.services.paying import mark_paid, release_vendor_order
from checkout.fulfilment.services.restored_records import end_unpaid_orders, record_states
from checkout.fulfilment.status import SOLD, PartStatus
from checkout.models import SubOrder
from checkout.orders.vendor_records import (
    correct_cancelled_units,
    correct_changed_addresses,
    correct_parcels,
    recreate_vendor_order,
    update_vendor_order,
)
from kit.money.columns import AMOUNT_COLUMNS
from kit.text.numbers import grouped
from tenants.archives.parts import RestoredSchema, Rows
from tenants.errors import RestoreBlockedError
from tenants.models import Shop

SHOWN = 5
SUB_ORDERS = f"""
SELECT s.id, s.number, s.status, s.status_at, {", ".join(f"s.{name}" for name in AMOUNT_COLUMNS)},
       s.commission_bps, s.commission_minor, s.commission_tax_minor, s.commission, s.platform_discount_minor,
       s.adjustments, s.delivery, s.tax, s.lines, s.tracking, s.parcels,
       s.cancelled_units, s.refunded_units, s.refunded_delivery_minor, s.goodwill_minor, s.refunded_minor,
       s.reversed_commission_minor, s.reversed_commission_tax_minor, s.reversed_platform_discount_minor,
       o.number AS order_number, o.status AS order_status, o.placed_at, o.paid_at
  FROM public.checkout_suborder s JOIN public.checkout_order o ON o.id = s.order_id
 WHERE s.shop_id = {{shop_id}} ORDER BY s.id
"""  # noqa: S608 - names of columns
REFUNDS = """
SELECT r.id, s.number, r.amount_minor, r.currency, r.reason, r.status, r.created_at, r.ended_at
  FROM public.checkout_refund r JOIN public.checkout_suborder s ON s.id = r.sub_order_id
 WHERE s.shop_id = {shop_id} ORDER BY r.id
"""
RETURNS = """
SELECT r.id, s.number, r.status, r.status_at, r.lines, r.reason, r.note, r.instructions, r.written_off, r.steps,
       r.exchange, r.requested_at
  FROM public.checkout_return r JOIN public.checkout_suborder s ON s.id = r.sub_order_id
 WHERE r.shop_id = {shop_id} ORDER BY r.id
"""
# Of unpaid orders the shop's own words alone: the buyer's may have contact details, which it does not see yet.
MESSAGES = """
SELECT m.id, s.number, m.side, m.text, m.created_at, m.read_by_buyer_at, m.read_by_shop_at,
       (SELECT count(*) FROM public.checkout_messagephoto p WHERE p.message_id = m.id) AS photos
  FROM public.checkout_ordermessage m
  JOIN public.checkout_suborder s ON s.id = m.sub_order_id
  JOIN public.checkout_order o ON o.id = s.order_id
 WHERE m.shop_id = {shop_id} AND (o.paid_at IS NOT NULL OR m.side <> 'buyer') ORDER BY m.id
"""
COUPONS = """
SELECT id, code, kind, percent_bps, amount_minor, currency, minimum_minor, starts_at, ends_at, uses_total,
       uses_per_buyer, is_first_order, is_public, is_paused, products, categories, used, batch_id, created_at
  FROM public.checkout_coupon WHERE shop_id = {shop_id} AND deleted_at IS NULL ORDER BY id
"""
OFFERS = """
SELECT id, name, kind, percent_bps, buys, gives, tiers, products, categories, gives_products, gives_categories,
       asked_minor, starts_at, ends_at, is_paused, created_at
  FROM public.checkout_automaticoffer WHERE shop_id = {shop_id} AND deleted_at IS NULL ORDER BY id
"""


def refuse_while_unpaid(shop: Shop) -> None:
    """Refuse to replace a shop while buyers are paying: their reservations would be lost.

    A shop whose schema is gone has no reservations to lose, and none can expire before the schema is back.

    Raises:
        RestoreBlockedError: orders wait for their payment.
    """
    waiting = SubOrder.objects.filter(shop_id=shop.pk, status=PartStatus.PENDING).count()
    if waiting and has_records(schema_name=shop.schema_name):
        words = ngettext(
            "%(count)s order is not paid yet, with stock reserved. "
            "It is paid or expires within %(minutes)s minutes; try again then.",
            "%(count)s orders are not paid yet, with stock reserved. "
            "They are paid or expire within %(minutes)s minutes; try again then.",
            waiting,
        )
        raise RestoreBlockedError(words % {"count": grouped(waiting), "minutes": settings.RESERVATION_MINUTES})


def reconcile_restored(restored: RestoredSchema) -> list[str]:
    """Bring a restored shop's own orders and stock to the state of the market's orders.

    The market's records are authoritative: orders that the archive does not have are written again from the
    market's snapshot, and stock that was sold since is consumed.
    """
    schema_name = restored.shop.schema_name
    if restored.is_from_elsewhere:
        ended = end_unpaid_orders(schema_name=schema_name, now=restored.now)
        return [_ended_text(ended)] if ended else []
    states = record_states(schema_name=schema_name)
    parts = SubOrder.objects.filter(shop_id=restored.shop.pk).select_related("order").order_by("id")
    changed = [part for part in parts if states.pop(part.pk, ("", "")) != _settled(part)]
    said = [line for part in changed for line in _follow(part, restored.shop, now=restored.now)]
    correct_parcels(schema_name=schema_name, parts=parts)
    correct_cancelled_units(schema_name=schema_name, parts=parts)
    correct_changed_addresses(schema_name=schema_name, parts=parts)
    if forgotten := forget_buyers(schema_name=schema_name, emails=_forgotten(restored.shop.pk)):
        said.append(
            gettext("Orders whose buyers were forgotten since the archive, and are again: %(forgotten)s.")
            % {"forgotten": forgotten}
        )
    if states:
        said.append(_unknown_text(len(states)))
    return said


def compare_sub_orders(shop_id: int, archived: Rows) -> list[str]:
    """Return the orders that were placed, or that changed, since the archive was written."""
    before = {row["id"]: row["status"] for row in archived}
    now = {str(row["id"]): row for row in SubOrder.objects.filter(shop_id=shop_id).values("id", "number", "status")}
    new = [row["number"] for key, row in now.items() if key not in before]
    moved = [row["number"] for key, row in now.items() if key in before and before[key] != row["status"]]
    said = [gettext("Orders placed since the archive: %(some)s.") % {"some": _some(new)}] if new else []
    if moved:
        said.append(gettext("Orders that have moved on since the archive: %(some)s.") % {"some": _some(moved)})
    return said


def _settled(part: SubOrder) -> tuple[str, str]:
    """Return the status and stock of a part by the shop's own record; unpaid stock is only reserved."""
    if part.status == PartStatus.PENDING:
        return part.status, StockState.RESERVED
    return part.status, StockState.CONSUMED if part.status in SOLD else StockState.RELEASED


def _forgotten(shop_id: int) -> dict[UUID, str]:
    """Return the addresses of anonymised buyers, by the id of a shop's part of their order."""
    parts = SubOrder.objects.filter(shop_id=shop_id, order__email__endswith=f"@{GONE}")
    return dict(parts.order_by("id").values_list("id", "order__email"))


def _follow(part: SubOrder, shop: Shop, *, now: datetime) -> Iterable[str]:
    schema_name = shop.schema_name
    state = record_states(schema_name=schema_name, ids=[part.pk]).get(part.pk)
    if state is None:
        recreate_vendor_order(schema_name=schema_name, part=part, is_consumed=part.status in SOLD)
        if part.status in SOLD and not _take(part, schema_name, now):
            yield (
                gettext(
                    "%(number)s was sold since the archive, which has less in stock than was sold: count the shelf."
                )
                % {"number": part.number}
            )
    elif state[1] == StockState.RESERVED and part.status in SOLD:
        mark_paid(schema_name=schema_name, sub_order_id=part.pk, shop_id=shop.pk, now=now)
        update_vendor_order(schema_name=schema_name, part=part)
    elif state[1] == StockState.RESERVED:
        ended = PartStatus(part.status)
        release_vendor_order(schema_name=schema_name, sub_order_id=part.pk, status=ended, now=now)
    elif state[1] == StockState.RELEASED and part.status in SOLD:
        if not mark_paid(schema_name=schema_name, sub_order_id=part.pk, shop_id=shop.pk, now=now):
            yield (
                gettext("%(number)s was paid since the archive, which has too little in stock for it: count the shelf.")
                % {"number": part.number}
            )
        update_vendor_order(schema_name=schema_name, part=part, is_consumed=True)
    elif state[0] != part.status:
        update_vendor_order(schema_name=schema_name, part=part)


def _take(part: SubOrder, schema_name: str, now: datetime) -> bool:
    quantities = {UUID(line["variant_id"]): line["left"] for line in part.counted_lines if line["left"]}
    return reservations.take(schema_name=schema_name, quantities=quantities, source=part.number, now=now) is not None


def _ended_text(count: int) -> str:
    words = ngettext(
        "%(count)s order was unpaid in the archive; ended, and the stock given back.",
        "%(count)s orders were unpaid in the archive; ended, and the stock given back.",
        count,
    )
    return words % {"count": grouped(count)}


def _unknown_text(count: int) -> str:
    words = ngettext(
        "%(count)s order is in the archive and unknown to the market; kept as a record.",
        "%(count)s orders are in the archive and unknown to the market; kept as a record.",
        count,
    )
    return words % {"count": grouped(count)}


def _some(numbers: list[str]) -> str:
    shown, more = ", ".join(numbers[:SHOWN]), len(numbers) - SHOWN
    if more <= 0:
        return shown
    return ngettext("%(shown)s and %(more)s more", "%(shown)s and %(more)s more", more) % {"shown": shown, "more": more}
