"""Placing an order: all lines in all shops, or none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from catalogue.events import StockChanged
from catalogue.services.reservations import ReservedLine, reserve_query
from checkout.coupons.claiming import CouponClaim, claim_queries, refuse_unclaimed
from checkout.orders import sold_out
from checkout.placing.claims import ClaimOfOtherPartError, OrderClaim
from checkout.placing.drafting import Draft, draft_order
from checkout.placing.free_orders import confirm_free, mark_free
from checkout.placing.pipelined_commit import has_ample_stock, with_pipelined_commit, write_reserve_and_commit
from checkout.placing.placed import PlacedOrder
from checkout.placing.refusals import refuse_unavailable, refuse_unfit, refuse_unreserved
from checkout.placing.request import OrderRequest
from checkout.pricing.coupons.facts import CouponBuyerKey
from checkout.pricing.coupons.outcomes import CouponOutcome
from checkout.pricing.delivery.asking import ask_carriers
from checkout.pricing.lines import CartLine
from checkout.pricing.quote import Quote, UnaskedRates
from checkout.pricing.reading import read_quote_after
from checkout.pricing.unready_shops import around_unready
from checkout.stations.offering import chosen_stations
from kit.db.pipeline import Query, ask_all
from kit.db.retries import BusyWhenLocked, lock_limit_queries, retrying_on_deadlock
from kit.errors import BusyError
from kit.ids import order_number
from kit.work import outbox
from kit.work.idempotency import Claimed
from payouts.commission import find_ruleset

MOST_TRIES = 4  # to have all rates: a product's weight may change between two


class UnaskedRatesError(Exception):
    """A part's delivery has a carrier's price, which has to be asked outside of the transaction."""

    def __init__(self, unasked: Sequence[UnaskedRates]) -> None:
        super().__init__(unasked)
        self.unasked = unasked


def place_order(
    *,
    lines: Sequence[CartLine],
    request: OrderRequest,
    now: datetime,
    basket_id: str = "",
    currency: str = "",
    codes: tuple[str, ...] = (),
) -> PlacedOrder:
    """Turn a cart into one order with a part per shop, stock reserved in every shop or in none.

    The same `request_key` again gives the same order. Lines of shops that don't sell at present, and products that are
    gone, are left out, as the cart has told the buyer. An order with nothing to pay is confirmed at once.

    Args:
        basket_id: of the lines, where they are a basket's part: at most one order is placed of it.
        currency: of the part; empty where the lines come from no basket.
        codes: of the basket's coupons; they count where the request names none.

    Raises:
        InvalidInputError: a parcel or a receipt could not be delivered.
        InsufficientStockError: some lines ask for more than is available; details name each of them.
        PriceChangedError: the total is not the expected one; details hold the new one.
        CouponRefusedError: a coupon doesn't count, or not any more; details name it with the reason.
        StationNeededError, StationGoneError: a part goes to a station, and none that is open there was chosen.
        EmptyCartError: nothing in the cart can be bought.
        MixedCurrenciesError: the shops' currencies differ.
        IdempotencyKeyReusedError: the key came with another request before.
        BasketOrderedError: another request has placed an order of this basket.
        BusyError: others hold the same stock for too long.
    """
    request = request.cleaned()
    claim = OrderClaim(request, lines, basket_id, currency, codes=codes)
    flagged = sold_out.among(line.variant_id for line in lines)
    if flagged and claim.is_new():
        refuse_unavailable(lines, dict.fromkeys(flagged, 0))
    try:
        return _place_at_rates(claim, now)
    except ClaimOfOtherPartError:
        return _place_at_rates(replace(claim, is_other_part_claimed=True), now)


def _place_at_rates(claim: OrderClaim, now: datetime) -> PlacedOrder:
    """Place an order; carriers are asked between two tries, after the first has been rolled back.

    Raises:
        BusyError: the questions were others at each try.
    """
    for _ in range(MOST_TRIES):
        try:
            return _place_around_unready(claim, now)
        except UnaskedRatesError as error:
            claim = replace(claim, rates={**claim.rates, **ask_carriers(error.unasked)})
    raise BusyError


def _place_around_unready(claim: OrderClaim, now: datetime) -> PlacedOrder:
    return around_unready(
        lambda unready: retrying_on_deadlock(
            lambda: with_pipelined_commit(lambda may: _place(claim, now, unready, may_pipeline_commit=may))
        ),
        shop_ids={line.shop_id for line in claim.lines},
    )


def _place(claim: OrderClaim, now: datetime, unready: frozenset[int], *, may_pipeline_commit: bool) -> PlacedOrder:
    """Read everything in one round trip, then write everything in another, stock last (docs/locking.md)."""
    request, number = claim.request, order_number()
    with transaction.atomic(), BusyWhenLocked():
        claimed, quote = _claim_and_quote(claim, number, now, unready)
        if claimed is Claimed.KNOWN and (earlier := claim.earlier_order()) is not None:
            return earlier
        if claimed is Claimed.SPENT:
            claim.refuse_spent()
        if quote.unasked:
            raise UnaskedRatesError(quote.unasked)
        refuse_unfit(quote, request, currency=claim.currency)
        ruleset = find_ruleset(quote.shops[0].commission_version)
        stations = chosen_stations(quote)
        draft = draft_order(number=number, request=request, quote=quote, stations=stations, ruleset=ruleset, now=now)
        if draft.payment is None:
            mark_free(draft)
        if may_pipeline_commit and draft.payment is not None and has_ample_stock(quote):
            write_reserve_and_commit(draft, quote.coupon_outcomes)
        else:
            claims, reserved = _write_and_reserve(draft, quote.coupon_outcomes)
            refuse_unclaimed(quote.coupon_outcomes, claims)
            refuse_unreserved(quote, reserved)
            _announce_sold_out(draft, reserved, now)
            if draft.payment is None:
                confirm_free(draft, now=now)
    return draft.placed(basket_id=claim.basket_id)


def _claim_and_quote(claim: OrderClaim, number: str, now: datetime, unready: frozenset[int]) -> tuple[Claimed, Quote]:
    first = [*lock_limit_queries(settings.CHECKOUT_LOCK_TIMEOUT_MS), claim.claim_query(number=number, now=now)]
    request = claim.request
    (*_, claimed), quote = read_quote_after(
        first,
        claim.lines,
        unready=unready,
        address=request.shipping_address,
        choices=claim.choices,
        buyer=CouponBuyerKey(request.buyer.user_id, request.buyer.email),
        rates=claim.rates,
        now=now,
    )
    return claimed, quote


def _write_and_reserve(draft: Draft, outcomes: Sequence[CouponOutcome]) -> tuple[list[CouponClaim], list[ReservedLine]]:
    """Write every row, claim the coupons and reserve the stock in one pipeline; its results are still to be checked."""
    rows = draft.insert_queries()
    claims = claim_queries(outcomes, order=draft.order, now=draft.order.placed_at)
    stock = [reserve_query(schema_name=part.shop.schema_name, lines=part.wanted) for part in draft.parts]
    queries: list[Query[Any]] = [*rows, *claims, *stock]
    found = ask_all(queries)[len(rows) :]
    claimed = [claim for answer in found[: len(claims)] for claim in answer]
    return claimed, [line for reserved in found[len(claims) :] for line in reserved]


def _announce_sold_out(draft: Draft, reserved: Sequence[ReservedLine], now: datetime) -> None:
    left = {line.variant_id: line.available for line in reserved}
    for part in draft.parts:
        emptied = [line.variant_id for line in part.wanted if left[line.variant_id] == line.quantity]
        if emptied:
            _announce(emptied, part.shop.id, now)


def _announce(variant_ids: list[UUID], shop_id: int, now: datetime) -> None:
    outbox.emit(StockChanged(shop_id, tuple(variant_ids)), now=now)
    transaction.on_commit(lambda: sold_out.flag(variant_ids))
