"""Payments of the demo that buyers' banks take back: one whose clock runs, with the shop's evidence, and a lost one.

Of the lost one a refund had been asked for that was not sent yet: the bank has paid it, so it is set off.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime

import httpx
from django.db import transaction

from checkout.disputes.arriving import follow_report, refresh_dispute
from checkout.disputes.evidence import Added, add_shop_evidence
from checkout.fulfilment.status import PartStatus
from checkout.models import Payment, ReversedBy, SubOrder
from checkout.reversals.refund_part import PartRefund, refund_part
from checkout.reversals.reverse import Actor
from demo.history import ProviderSandbox
from gateway import get_provider
from payouts.models import Dispute
from tenants.models import Shop

logger = logging.getLogger(__name__)

SHOP = "indigo-fabrics"
CLAIM = "I never got the cloth. Nobody called me, and I was at home all day."
EVIDENCE = (
    "We handed the parcel to the rider at our shop in the morning, and she called us from the buyer's gate. The buyer's"
    " brother signed for it. We can send the photo of the waybill."
)
LOST_BY = "little-baraza"
SORRY, GIVEN_BACK = "It came a week late. Sorry.", 50_000
UNKNOWN = "I don't know this shop, and I have not bought anything."


def load_disputes(shops: Mapping[str, Shop], *, provider_sandbox: ProviderSandbox, now: datetime) -> None:
    """Open a dispute of the newest delivered order of two shops; one shop answers, the other has lost it.

    The other had just promised its buyer something back, which the bank pays with all the rest.
    """
    with httpx.Client(base_url=provider_sandbox.address, timeout=10) as sandbox:
        shop, bank = shops[SHOP], _Bank(sandbox, provider_sandbox.provider, now)
        if (dispute := bank.dispute(shop, category="chargeback", claim=CLAIM)) is not None:
            author = shop.memberships.order_by("pk")[0].user_id
            added = Added(author_id=author, text=EVIDENCE)
            add_shop_evidence(shop_id=shop.pk, dispute_id=dispute.pk, added=added, now=now)
        if (lost := bank.dispute(shops[LOST_BY], category="fraud", claim=UNKNOWN, sorry=SORRY)) is not None:
            sandbox.post(f"/sandbox/disputes/{lost.provider_id}/finish", json={"resolution": "auto-accepted"})
            refresh_dispute(provider=lost.provider, dispute_id=lost.provider_id, now=now)


class _Bank:
    """The buyers' bank, played by the sandbox."""

    def __init__(self, sandbox: httpx.Client, provider: str, now: datetime) -> None:
        self._sandbox, self._provider, self._now = sandbox, provider, now

    def dispute(self, shop: Shop, *, category: str, claim: str, sorry: str = "") -> Dispute | None:
        """Open a dispute of the newest delivered order of a shop; None where there is none.

        Args:
            sorry: why the shop gives something back before it hears of the dispute.
        """
        payment = self._delivered(shop)
        if payment is None:
            logger.warning("No delivered order of %s is paid, so the demo has no dispute of it.", shop.slug)
            return None
        asked = {"reference": payment.reference, "category": category, "body": claim}
        opened = self._sandbox.post("/sandbox/disputes", json=asked).raise_for_status().json()["data"]
        report = get_provider(payment.provider).find_dispute(str(opened["id"]))
        if report is None:
            raise RuntimeError(f"The sandbox does not know dispute {opened['id']}, which it has just opened.")
        with transaction.atomic():  # no worker sends the refund before the dispute is heard of
            if sorry:
                [part] = SubOrder.objects.filter(order_id=payment.order_id).select_related("shop", "order")
                wish = PartRefund(part, Actor(ReversedBy.SHOP), sorry, goodwill_minor=GIVEN_BACK)
                refund_part(wish, now=self._now)
            return follow_report(provider=payment.provider, report=report, now=self._now)

    def _delivered(self, shop: Shop) -> Payment | None:
        """Return the newest payment of an order of which this shop alone has a part, which is delivered and whole."""
        found = Payment.objects.filter(
            provider=self._provider,
            captured_minor__gt=0,
            refunds__isnull=True,
            order__sub_orders__shop=shop,
            order__sub_orders__status=PartStatus.DELIVERED,
        )
        alone = (each for each in found.order_by("-created_at", "-pk") if each.order.sub_orders.count() == 1)
        return next(alone, None)
