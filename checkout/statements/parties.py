"""Parties of a statement, as bookkeepers and tax offices need them: the market, the shop, and the bank paid to."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from checkout.models import ShopTerms
from checkout.pricing.terms.tax import parse
from kit.db.roles import as_platform
from kit.text.address_forms import postal_lines
from tenants.models import Shop
from tenants.shops.sellers import seller_of

ADDRESS_FIELDS = ("name", "line1", "line2", "city", "state", "postcode", "country")


@dataclass(frozen=True, slots=True)
class Party:
    """Party of a statement.

    Args:
        name: the legal one where it is known.
        traded_as: the name that buyers see, where it is another.
        registration_number: of a registered business.
        tax_number: under which the country knows it; empty where it gave none.
    """

    name: str
    address: tuple[str, ...]
    traded_as: str = ""
    registration_number: str = ""
    tax_number: str = ""

    @property
    def lines(self) -> list[str]:
        """Return the lines that follow the name."""
        said = [gettext("Trading as %(name)s") % {"name": self.traded_as}] if self.traded_as else []
        numbers = (
            (gettext("Registration number: %(number)s"), self.registration_number),
            (gettext("Tax number: %(number)s"), self.tax_number),
        )
        return [*said, *self.address, *(label % {"number": number} for label, number in numbers if number)]


def market_party(*, country: str) -> Party:
    """Return the market, with its tax number in the shop's country where it is registered there, else its own."""
    legal, shown = settings.PLATFORM_LEGAL_NAME, settings.PLATFORM_NAME
    return Party(
        name=legal or shown,
        address=tuple(part.strip() for part in settings.PLATFORM_LEGAL_ADDRESS.split("|") if part.strip()),
        traded_as=shown if legal and legal != shown else "",
        tax_number=settings.COMMISSION_TAX_NUMBERS.get(country, "") or settings.PLATFORM_TAX_NUMBER,
    )


@as_platform()  # the application and the terms are the market's record
def shop_party(shop: Shop) -> Party:
    """Return a shop as it was named when it was opened, with the tax number that it charges tax under now.

    The paper is the shop's own, so the street is on it of people who sell in their own name, too.
    """
    seller = seller_of(shop=shop, is_registered=True)
    terms = parse(ShopTerms.objects.filter(pk=shop.pk).values_list("tax", flat=True).first() or {})
    legal = seller["legal_name"]
    return Party(
        name=legal or shop.name,
        address=tuple(postal_lines({**dict.fromkeys(ADDRESS_FIELDS, ""), **seller["address"]})),
        traded_as=shop.name if legal and legal != shop.name else "",
        registration_number=seller["registration_number"],
        tax_number=terms.number if terms else "",
    )
