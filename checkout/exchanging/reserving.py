"""Reserve the variants that a buyer wants instead, from the moment at which their return is accepted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from catalogue.events import StockChanged
from catalogue.selectors.offers import read_offers
from catalogue.services.reservations import ReservedLine, WantedLine, reserve_query
from checkout.errors import ReplacementGoneError
from checkout.exchanging.drafting import ExchangeDraft, draft_exchange
from checkout.exchanging.limits import least_charge
from checkout.exchanging.prices import price_exchange, units_exchanged
from checkout.models import Order, Return, SubOrder
from checkout.orders import sold_out
from kit.db.pipeline import Query, ask_all
from kit.errors import BusyError
from kit.work import outbox
from tenants.life.lifecycle import may_fulfil
from tenants.shops.selectors import ShopFacts, shop_facts


def reserve_exchange(found: Return, *, now: datetime) -> Order:
    """Write the order of an accepted exchange, and reserve its stock; the order that comes back is locked.

    It waits, unpaid, until the return is received; the stock is reserved at any price of the day, for what is paid is
    agreed with the buyer.

    Raises:
        ReplacementGoneError: it is not on sale any more, or there is not enough of it; nothing has changed.
        UnitsNotLeftError: units were paid back meanwhile; nothing has changed.
        BusyError: the price changed at this very moment.
    """
    part = SubOrder.objects.select_related("shop", "order").get(pk=found.sub_order_id)
    shop = shop_facts({part.shop_id})[part.shop_id]
    if not may_fulfil(shop.status):
        raise ReplacementGoneError
    price = price_exchange(
        part, units=units_exchanged(found), wanted=found.exchange, least_minor=least_charge(part.currency)
    )
    draft = draft_exchange(found, part, price, now=now)
    _write_and_reserve(draft, found, shop, now)
    return draft.order


def _write_and_reserve(draft: ExchangeDraft, found: Return, shop: ShopFacts, now: datetime) -> None:
    offers = read_offers({shop.schema_name: [line.variant_id for line in draft.lines]})
    gone = [line for line in draft.lines if (offer := offers.get(line.variant_id)) is None or not offer.is_on_sale]
    if gone:
        raise ReplacementGoneError(details={"lines": _lines_for(found, [str(line.variant_id) for line in gone])})
    wanted = sorted(
        (WantedLine(line.variant_id, line.quantity, offers[line.variant_id].price_minor) for line in draft.lines),
        key=lambda line: line.variant_id,
    )
    queries: list[Query[Any]] = [
        *draft.insert_queries(shop.schema_name),
        reserve_query(schema_name=shop.schema_name, lines=wanted),
    ]
    reserved: list[ReservedLine] = ask_all(queries)[-1]
    quantities = {line.variant_id: line.quantity for line in wanted}
    lacking = [line for line in reserved if not line.is_reserved]
    if short := [
        str(line.variant_id)
        for line in lacking
        if not line.is_on_sale or (line.available or 0) < quantities[line.variant_id]
    ]:
        raise ReplacementGoneError(details={"lines": _lines_for(found, short)})
    if lacking:
        raise BusyError
    if emptied := [line.variant_id for line in reserved if line.available == quantities[line.variant_id]]:
        outbox.emit(StockChanged(shop.id, tuple(emptied)), now=now)
        transaction.on_commit(lambda: sold_out.flag(emptied))


def _lines_for(found: Return, variants: Sequence[str]) -> tuple[str, ...]:
    """Return the lines of a return for which some variants are wanted."""
    return tuple(key for key, wanted in sorted(found.exchange.items()) if wanted["variant_id"] in variants)
