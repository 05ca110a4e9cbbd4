"""Automatic offers as rows of a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from checkout.models import AutomaticOffer
from checkout.offers.compiling import terms_of
from checkout.offers.watching import OfferFigures, figures_of
from checkout.offers.words import benefit_of


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer with what it gives, where it stands and what it has brought."""

    offer: AutomaticOffer
    benefit: str
    state: str
    state_label: str
    figures: OfferFigures


def offer_rows(offers: Sequence[AutomaticOffer], *, currency: str, now: datetime) -> list[OfferRow]:
    """Return offers of one shop as rows."""
    figures = figures_of(offers)
    return [
        OfferRow(
            each,
            benefit_of(terms_of(each), currency=currency),
            *_state(each, now),
            figures.get(each.pk, OfferFigures()),
        )
        for each in offers
    ]


def _state(offer: AutomaticOffer, now: datetime) -> tuple[str, str]:
    if offer.is_paused:
        return "paused", gettext("Paused")
    if offer.starts_at is not None and now < offer.starts_at:
        return "not_started", gettext("Not yet")
    if offer.ends_at is not None and now >= offer.ends_at:
        return "ended", gettext("Ended")
    return "counts", gettext("Active")
