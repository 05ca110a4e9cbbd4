"""Looking a shop's automatic offers up."""

from uuid import UUID

from django.db.models import QuerySet

from checkout.errors import OfferNotFoundError
from checkout.models import AutomaticOffer
from checkout.offers.inputs import FIELDS
from kit.web.versions import version_of


def offers_of(*, shop_id: int) -> QuerySet[AutomaticOffer]:
    """Return the query for a shop's offers, newest first."""
    return AutomaticOffer.objects.filter(shop_id=shop_id, deleted_at=None).order_by("-id")


def get_offer(*, shop_id: int, offer_id: UUID) -> AutomaticOffer:
    """Return an offer of a shop.

    Raises:
        OfferNotFoundError: there is none.
    """
    found = offers_of(shop_id=shop_id).filter(pk=offer_id).first()
    if found is None:
        raise OfferNotFoundError
    return found


def offer_version(offer: AutomaticOffer) -> str:
    """Return the version of what a change of an offer replaces."""
    return version_of({name: getattr(offer, name) for name in FIELDS})
