"""Sentences on the tax on a commission: which rate and whose number, or why there is none."""

from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

from checkout.models import SubOrder
from checkout.pricing.commission_tax import CommissionTax, Untaxed
from checkout.pricing.frozen_commission import FrozenCommission
from kit.money import format_minor
from kit.text.countries import country_name


def tax_sentences(part: SubOrder, frozen: FrozenCommission | None) -> Iterable[str]:
    """Return the explanation of the tax on a part's commission, from what was frozen with it."""
    tax = frozen.tax if frozen else None
    if tax is None:
        yield gettext("No tax was charged on commissions when the order was placed.")
        return
    if tax.untaxed is not None:
        yield _untaxed(tax, tax.untaxed)
        return
    yield gettext("%(rates)s is charged on the commission: the market’s tax number in %(country)s is %(number)s.") % {
        "rates": tax.label,
        "country": country_name(tax.country),
        "number": tax.number,
    }
    yield gettext("%(tax)s is the tax on %(commission)s, rounded once for the whole order of the shop.") % {
        "tax": format_minor(part.commission_tax_minor, part.currency),
        "commission": format_minor(part.commission_minor, part.currency),
    }
    yield gettext("Source of the rates, read on %(day)s: %(source)s") % {
        "day": date_format(date.fromisoformat(tax.checked_on), "j F Y"),
        "source": tax.source,
    }
    if part.reversed_commission_tax_minor:
        yield gettext("%(back)s of the tax was given back with the commission.") % {
            "back": format_minor(part.reversed_commission_tax_minor, part.currency)
        }


def _untaxed(tax: CommissionTax, why: Untaxed) -> str:
    texts = {
        Untaxed.NOT_REGISTERED: gettext(
            "No tax is charged on the commission: the market is not registered for tax in %(country)s."
        ),
        Untaxed.NO_TABLE: gettext("No tax is charged on the commission: no rates are known for %(country)s."),
        Untaxed.NO_RATE: gettext("No tax is charged on the commission: %(country)s had no rate on that day."),
    }
    return texts[why] % {"country": country_name(tax.country)}
