"""Automatic offers in words, for buyers and for shops."""

from collections.abc import Iterable

from django.utils.translation import gettext, ngettext

from checkout.models import OfferKind
from checkout.pricing.offers.planning import OfferHint
from checkout.pricing.terms.offers import OfferTerms, Tier
from kit.money import format_minor
from kit.text.conventions import NO_BREAK
from kit.text.numbers import percentage

ALL_BPS = 10_000


def benefit_of(offer: OfferTerms, *, currency: str) -> str:
    """Return the benefit of an offer."""
    if offer.kind is OfferKind.PRICE_CUT:
        return gettext("%(rate)s %% off") % {"rate": percentage(offer.percent_bps)}
    if offer.kind is OfferKind.BUY_GET:
        return _pieces(offer)
    return " · ".join(_step(offer, tier, currency) for tier in offer.tiers)


def hint_of(hint: OfferHint, *, currency: str) -> str:
    """Return the sentence that tells a buyer how to get the next benefit of an offer."""
    offer = hint.offer
    if offer.kind is OfferKind.SPEND and hint.tier is not None:
        text = gettext("%(offer)s: spend %(missing)s more here to get %(gift)s off.")
        missing = format_minor(hint.missing, currency)
        return text % {"offer": offer.name, "missing": missing, "gift": _gift(hint.tier, currency)}
    if hint.tier is not None:
        text = ngettext(
            "%(offer)s: add %(missing)s more piece to get %(gift)s off.",
            "%(offer)s: add %(missing)s more pieces to get %(gift)s off.",
            hint.missing,
        )
        return text % {"offer": offer.name, "missing": hint.missing, "gift": _gift(hint.tier, currency)}
    text = ngettext(
        "%(offer)s (%(benefit)s): add %(missing)s more piece.",
        "%(offer)s (%(benefit)s): add %(missing)s more pieces.",
        hint.missing,
    )
    return text % {"offer": offer.name, "benefit": _pieces(offer), "missing": hint.missing}


def hints_of(hints: Iterable[OfferHint], *, currency: str) -> list[str]:
    """Return the texts of hints."""
    return [hint_of(each, currency=currency) for each in hints]


def _pieces(offer: OfferTerms) -> str:
    values = {"buys": offer.buys, "gives": offer.gives, "rate": percentage(offer.percent_bps)}
    if offer.percent_bps == ALL_BPS:
        return gettext("Buy %(buys)s, get %(gives)s free") % values
    return gettext("Buy %(buys)s, get %(gives)s at %(rate)s %% off") % values


def _step(offer: OfferTerms, tier: Tier, currency: str) -> str:
    gift = _gift(tier, currency)
    if offer.kind is OfferKind.SPEND:
        return gettext("%(gift)s off from %(least)s") % {"gift": gift, "least": format_minor(tier.least, currency)}
    text = ngettext("%(gift)s off from %(least)s piece", "%(gift)s off from %(least)s pieces", tier.least)
    return text % {"gift": gift, "least": tier.least}


def _gift(tier: Tier, currency: str) -> str:
    if not tier.percent_bps:
        return format_minor(tier.amount_minor, currency)
    return f"{percentage(tier.percent_bps)}{NO_BREAK}%"
