"""Pay for an exchange with the money of the items that have arrived, or for a part until the buyer pays the rest."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django_tenants.utils import schema_context

from catalogue.selectors.locks import lock_stock_levels
from checkout.events import OrderPaid
from checkout.exchanging.crediting import use_credits
from checkout.exchanging.drafting import PRICED, frozen_columns
from checkout.exchanging.limits import least_charge
from checkout.exchanging.prices import ExchangePrice, price_exchange, units_exchanged
from checkout.fulfilment.models import VendorOrder
from checkout.fulfilment.services.paying import LockedVendorOrder, lock_vendor_order, pay_reserved_queries
from checkout.fulfilment.status import PartStatus
from checkout.models import Order, OrderStatus, Return, Reversal, SubOrder
from checkout.orders.shares import share_of
from kit.db.pipeline import ask_all
from kit.db.rows import update_query
from kit.money.columns import AMOUNT_COLUMNS
from kit.work import outbox
from payouts.services.journals import post
from payouts.services.posting import prepare_free_sale
from tenants.life.lifecycle import may_fulfil
from tenants.shops.selectors import ShopFacts, shop_facts


@dataclass(frozen=True, slots=True)
class Settlement:
    """An exchange that comes about: its locked order, its price, and the shop."""

    order: Order
    part: SubOrder
    shop: ShopFacts
    price: ExchangePrice
    record: LockedVendorOrder


def prepare_settlement(found: Return, returned: SubOrder, order: Order) -> Settlement | None:
    """Return the settlement of an exchange whose items have arrived; None where it is refunded instead.

    So it is where the shop closes, where units were paid back meanwhile, or nothing is left of what was paid for them.
    Vendor order and stock are locked, of all variants in primary-key order; order and payments are locked before.
    """
    shop = shop_facts({returned.shop_id})[returned.shop_id]
    part, units = order.sub_orders.get(), units_exchanged(found)
    paid = {UUID(line["variant_id"]): line["paid"] for line in returned.counted_lines}
    if any(paid.get(key, 0) < count for key, count in units.items()):
        return None
    price = price_exchange(returned, units=units, wanted=found.exchange, least_minor=least_charge(returned.currency))
    record = lock_vendor_order(schema_name=shop.schema_name, sub_order_id=part.pk)
    if not may_fulfil(shop.status) or not record.is_reserved:
        return None
    if price.amounts.total_minor and not price.credit_minor:
        return None
    return Settlement(order, part, shop, price, record)


def lock_both_stocks(*, part: SubOrder, variants: Collection[UUID]) -> None:
    """Lock the stock of what comes back and of what is sent, in primary-key order; needs an open transaction."""
    with schema_context(part.shop.schema_name):
        lock_stock_levels(variant_ids=variants)


def credit_of(reversal: Reversal, settlement: Settlement) -> int:
    """Return the amount of the refund that pays for an exchange."""
    return min(reversal.refund_minor, settlement.price.amounts.total_minor)


def settle_exchange(settlement: Settlement, returned: SubOrder, *, credit_minor: int, now: datetime) -> None:
    """Freeze the price of an exchange, and confirm it where the credit pays all of it; last, for it locks balances.

    Args:
        credit_minor: of the money of the return, what was kept for it.
    """
    order, part = settlement.order, settlement.part
    _freeze(settlement, returned)
    order.credit_minor = credit_minor
    if order.due_minor:
        order.expires_at = now + timedelta(days=settings.EXCHANGE_PAY_DAYS)
        order.save(update_fields=[*AMOUNT_COLUMNS, "credit_minor", "expires_at"])
        return
    order.status, order.paid_at = OrderStatus.PAID, now
    order.save(update_fields=[*AMOUNT_COLUMNS, "credit_minor", "status", "paid_at"])
    part.status, part.status_at = PartStatus.NEW, now
    part.save(update_fields=["status", "status_at"])
    ask_all([*pay_reserved_queries(settlement.record, now=now), outbox.emit_query(OrderPaid(order.pk), now=now)])
    use_credits(order)
    posting = prepare_free_sale(
        number=order.number, currency=order.currency, shares=[share_of(part)], credit_minor=credit_minor, now=now
    )
    if posting is not None:
        post(posting)


def _freeze(settlement: Settlement, returned: SubOrder) -> None:
    """Write the price anew, as the part that comes back is now: goodwill may have been given since it was accepted."""
    order, part, amounts = settlement.order, settlement.part, settlement.price.amounts.columns()
    for name, value in amounts.items():
        setattr(order, name, value)
        setattr(part, name, value)
    for name, value in frozen_columns(returned, settlement.price).items():
        setattr(part, name, value)
    part.save(update_fields=PRICED)
    ask_all(
        [update_query(VendorOrder(id=part.pk, **amounts), *AMOUNT_COLUMNS, schema_name=settlement.shop.schema_name)]
    )
