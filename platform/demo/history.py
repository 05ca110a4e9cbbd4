"""Two weeks of orders, in every state that a page can show; the same each time."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
from django_tenants.utils import schema_context

from accounts.models import User
from catalogue.models import StockLevel
from checkout.ending.end_orders import cancel_order
from checkout.ending.expire_orders import expire_reservations
from checkout.fulfilling.deliver_by_timer import deliver_overdue
from checkout.fulfilling.find_late_parts import find_late_parts
from checkout.models import Order
from checkout.payments.confirm_payment import confirm_payment
from checkout.payments.poll_payments import poll_open_payments
from checkout.payments.start_payment import start_payment
from demo.edge_cases import tell_edge_cases
from demo.returns import tell_returns
from demo.story import DAYS, EVERY_SEVENTH, Shelf, Story
from demo.undoing import add_reversals, refund_goodwill
from tenants.models import Shop, ShopStatus
from webhooks.services import process_event, receive_event

logger = logging.getLogger(__name__)

ORDERS_A_DAY = 4
SEED = 1960


@dataclass(frozen=True, slots=True)
class ProviderSandbox:
    """The payment provider's sandbox that the demo's orders are paid in.

    Args:
        signature_headers: returns the headers of an event from its signature.
    """

    provider: str
    address: str
    signature_headers: Callable[[str], Mapping[str, str]]


def load_history(
    people: Mapping[str, User], shops: Mapping[str, Shop], *, provider_sandbox: ProviderSandbox, now: datetime
) -> None:
    """Place, pay, pack, ship, deliver, fail, cancel, return and expire; without a sandbox that answers, nothing."""
    with httpx.Client(base_url=provider_sandbox.address, timeout=10) as sandbox:
        try:
            sandbox.get("/health").raise_for_status()
        except httpx.HTTPError:
            logger.warning("No payment sandbox answers, so the demo has no paid orders.")
            return
        # Not for secrets: the same demo each time.
        story = Story(random.Random(SEED), people, _shelves(shops), sandbox, now)  # noqa: S311
        for day in range(DAYS, -1, -1):
            for place in reversed(range(ORDERS_A_DAY)):
                _tell(story, day=day, place=place)
        tell_edge_cases(story)
        add_reversals(story)
        tell_returns(story)
        refund_goodwill(story)
        _receive_webhooks(sandbox, provider_sandbox, now=now)
    deliver_overdue(now=now)
    expire_reservations(now=now)
    poll_open_payments(now=now)
    find_late_parts(now=now)


def _tell(story: Story, *, day: int, place: int) -> None:
    """Place one order and bring it to its last step."""
    placed_at = story.now - timedelta(days=day, hours=2 * place + 1, minutes=story.chance.randrange(50))
    order = story.next_order(placed_at)
    if story.count % EVERY_SEVENTH == 0:
        _leave_unpaid(story, order, placed_at)
        return
    story.pay(order, placed_at)
    story.fulfil(order, placed_at, day=day)


def _leave_unpaid(story: Story, order: Order, placed_at: datetime) -> None:
    """Cancelled, declined, or forgotten: the last of these expires."""
    ending = story.count // EVERY_SEVENTH % 3
    if ending == 0:
        cancel_order(order_id=order.pk, now=placed_at + timedelta(minutes=8))
    elif ending == 1:
        payment = start_payment(order_id=order.pk, now=placed_at)
        story.sandbox.post(f"/sandbox/transactions/{payment.reference}/fail", json={}).raise_for_status()
        confirm_payment(reference=payment.reference, now=placed_at + timedelta(minutes=3))


def _receive_webhooks(sandbox: httpx.Client, provider_sandbox: ProviderSandbox, *, now: datetime) -> None:
    """Take in what the sandbox could not deliver while no web server ran: the same bytes, the same signature."""
    page = 1
    while deliveries := sandbox.get("/sandbox/deliveries", params={"page": page, "perPage": 100}).json()["data"]:
        for delivery in deliveries:
            body = delivery["body"].encode()
            headers = provider_sandbox.signature_headers(delivery["signature"])
            event_id = receive_event(provider=provider_sandbox.provider, body=body, headers=headers, now=now)
            process_event(event_id=event_id, now=now)
        page += 1


def _shelves(shops: Mapping[str, Shop]) -> list[Shelf]:
    """Return variants with enough stock to be bought a few times."""
    shelves = []
    for slug in sorted(shops):
        shop = shops[slug]
        if shop.status != ShopStatus.LIVE:
            continue
        with schema_context(shop.schema_name):
            levels = StockLevel.objects.filter(on_hand__gte=12).select_related("variant").order_by("variant__sku")
            shelves += [Shelf(shop, level.variant_id, level.variant.price_minor) for level in levels]
    return shelves
