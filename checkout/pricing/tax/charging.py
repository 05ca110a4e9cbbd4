"""The last step of a part's price: the tax that a registered shop charges, or tells apart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from catalogue.tax_classes import TaxClass
from checkout.pricing.adjustments import Adjustment, AdjustmentKind, Funder
from checkout.pricing.allocation import allocate
from checkout.pricing.basis import Basis
from checkout.pricing.tax.computing import PartTax, TaxableLine, compute_tax, rate_sums
from checkout.pricing.tax.port import TaxTable
from checkout.pricing.tax.registry import tax_rates
from checkout.pricing.terms.tax import TaxTerms
from kit.text.subdivisions import subdivision_code


@dataclass(frozen=True, slots=True)
class ChargedTax:
    """Tax of a part under a shop's registration."""

    terms: TaxTerms
    part: PartTax

    def adjustments(self) -> tuple[Adjustment, ...]:
        """Return one adjustment for each rate of each line and of the delivery."""
        return tuple(
            Adjustment(
                AdjustmentKind.TAX,
                self.terms.country,
                share.rate.label,
                Funder.BUYER,
                share.tax_minor,
                share.variant_id,
            )
            for share in self.part.shares
        )

    def as_json(self) -> dict[str, Any]:
        """Return the figures of an invoice, in the form that is stored with the part."""
        sums = rate_sums(self.part.shares)
        return {
            "country": self.terms.country,
            "number": self.terms.number,
            "rates": [
                {"label": rate.label, "rate_bps": rate.bps, "base_minor": base_minor, "tax_minor": sums.get(rate, 0)}
                for rate, base_minor in self.part.bases
            ],
        }


def charge_tax(basis: Basis, so_far: Sequence[Adjustment]) -> Iterable[Adjustment]:
    """Charge the tax of a registered shop, or tell it apart where its prices include it."""
    charged = find_tax(basis, so_far)
    return charged.adjustments() if charged else ()


def find_tax(basis: Basis, so_far: Sequence[Adjustment]) -> ChargedTax | None:
    """Return the tax of a part, of what the steps before have left to pay; None where the shop charges none there.

    Goods that leave the country of the registration are exports, without tax. As long as no destination is known, the
    goods are taken to stay.
    """
    terms = basis.terms.tax
    if terms is None or (basis.address is not None and basis.address.country not in ("", terms.country)):
        return None
    table = tax_rates().table(terms.country)
    if table is None:
        return None
    part = compute_tax(
        lines=_taxable_lines(basis, so_far),
        delivery_minor=_sum(so_far, AdjustmentKind.DELIVERY) + _sum(so_far, AdjustmentKind.DELIVERY_DISCOUNT),
        table=table,
        subdivision=_subdivision(basis, table),
        on=basis.now.date(),
        currency=basis.shop.currency,
        is_included=terms.prices_include_tax,
    )
    return ChargedTax(terms, part)


def _taxable_lines(basis: Basis, so_far: Sequence[Adjustment]) -> list[TaxableLine]:
    """Return the lines with what is paid for each; a discount of the whole part is split over what is left of them."""
    paid = {line.line.variant_id: line.total_minor for line in basis.lines}
    for each in so_far:
        if each.kind is AdjustmentKind.DISCOUNT and each.variant_id is not None:
            paid[each.variant_id] += each.amount_minor
    whole_minor = sum(
        each.amount_minor for each in so_far if each.kind is AdjustmentKind.DISCOUNT and each.variant_id is None
    )
    if whole_minor:
        for variant_id, share_minor in allocate(whole_minor, paid).items():
            paid[variant_id] += share_minor
    return [
        TaxableLine(
            line.line.variant_id,
            line.offer.tax_class if line.offer else TaxClass.STANDARD,
            paid[line.line.variant_id],
        )
        for line in basis.lines
    ]


def _sum(adjustments: Sequence[Adjustment], kind: AdjustmentKind) -> int:
    return sum(each.amount_minor for each in adjustments if each.kind is kind)


def _subdivision(basis: Basis, table: TaxTable) -> str:
    """Return the destination's ISO 3166-2 code, where rates of the country depend on it."""
    if basis.address is None or not any(period.subdivisions for period in table.periods):
        return ""
    return subdivision_code(basis.address.country, basis.address.state)
