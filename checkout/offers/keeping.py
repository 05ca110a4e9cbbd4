"""Making, changing and deleting automatic offers of a shop, each together with the shop's terms of sale."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from catalogue.selectors.asked_prices import least_asked
from checkout.errors import TooManyOffersError
from checkout.models import AutomaticOffer, OfferKind
from checkout.offers.compiling import store_offers
from checkout.offers.inputs import OfferInput, check_offer, input_of
from checkout.offers.selectors import get_offer, offer_version, offers_of
from kit.web.versions import Seen, check_version
from tenants.models import Shop, ShopEventKind
from tenants.shops.audit_trail import record_event
from tenants.shops.selectors import lock_shop

MOST_OFFERS = 50
# An earlier price is the least that was asked in so long before, as the EU has it (Directive 2019/2161, Art. 2).
ASKED_WITHIN = timedelta(days=30)


def create_offer(*, shop: Shop, data: OfferInput, actor_id: int | None, now: datetime) -> AutomaticOffer:
    """Make an automatic offer, which holds from its start on for orders that are placed then.

    Raises:
        InvalidInputError: some value can't be; details say why by field.
        TooManyOffersError: the shop has as many as it can have.
    """
    check_offer(data, shop=shop)
    with transaction.atomic():
        lock_shop(shop_id=shop.pk)
        if offers_of(shop_id=shop.pk).count() >= MOST_OFFERS:
            raise TooManyOffersError
        offer = AutomaticOffer(
            shop=shop, created_at=now, **data.columns(), asked_minor=asked_prices(shop=shop, data=data, now=now)
        )
        offer.save(force_insert=True)
        _finish(ShopEventKind.OFFER_MADE, offer, actor_id, now)
    return offer


def change_offer(
    *,
    shop: Shop,
    offer_id: UUID,
    changes: Mapping[str, Any],
    actor_id: int | None,
    now: datetime,
    seen: Seen = None,
) -> AutomaticOffer:
    """Change some values of an offer; orders that were placed with it stay as they are.

    Args:
        changes: fields of `OfferInput` by name.
        seen: the `offer_version` that the change was made from.

    Raises:
        OfferNotFoundError: there is none.
        InvalidInputError: some value can't be; details say why by field.
        ChangedMeanwhileError: it was changed meanwhile; nothing is written.
    """
    with transaction.atomic():
        lock_shop(shop_id=shop.pk)
        offer = get_offer(shop_id=shop.pk, offer_id=offer_id)
        check_version(seen=seen, current=offer_version(offer))
        was = input_of(offer)
        wanted = replace(was, **changes)
        check_offer(wanted, shop=shop, was=was)
        for name, value in wanted.columns().items():
            setattr(offer, name, value)
        if "products" in changes or "kind" in changes:
            offer.asked_minor = asked_prices(shop=shop, data=wanted, now=now)
        offer.save()
        _finish(ShopEventKind.OFFER_CHANGED, offer, actor_id, now)
    return offer


def delete_offer(*, shop: Shop, offer_id: UUID, actor_id: int | None, now: datetime, seen: Seen = None) -> None:
    """Delete an offer: it takes nothing off any more.

    Raises:
        OfferNotFoundError: there is none.
        ChangedMeanwhileError: it was changed meanwhile; nothing is deleted.
    """
    with transaction.atomic():
        lock_shop(shop_id=shop.pk)
        offer = get_offer(shop_id=shop.pk, offer_id=offer_id)
        check_version(seen=seen, current=offer_version(offer))
        offer.deleted_at = now
        offer.save(update_fields=["deleted_at"])
        _finish(ShopEventKind.OFFER_DELETED, offer, actor_id, now)


def asked_prices(*, shop: Shop, data: OfferInput, now: datetime) -> dict[str, int]:
    """Return the least price of the month before for each variant and product of a price cut, by id; else nothing."""
    if data.kind != OfferKind.PRICE_CUT:
        return {}
    found = least_asked(shop=shop, product_ids=data.products, since=now - ASKED_WITHIN)
    return {str(variant_id): minor for variant_id, minor in sorted(found.items())}


def _finish(kind: ShopEventKind, offer: AutomaticOffer, actor_id: int | None, now: datetime) -> None:
    store_offers(shop_id=offer.shop_id, now=now)
    record_event(shop_id=offer.shop_id, actor_id=actor_id, kind=kind, subject=offer.name, now=now)
