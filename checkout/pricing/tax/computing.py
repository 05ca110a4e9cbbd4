"""Tax of one shop's part of an order, split to the unit over its lines and its delivery; pure functions.

For each rate the tax is computed of all that has it and rounded once, half up, to the smallest amount that can be paid
in the currency. It is then split over the lines, and over the levies that the rate is made of, by largest remainder, so
that both sum to it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from catalogue.tax_classes import TaxClass
from checkout.pricing.allocation import allocate
from checkout.pricing.tax.port import ALL_BPS, DeliveryRule, Rates, TaxRate, TaxTable
from kit.money import MINOR_PER_MAJOR, WITHOUT_DECIMALS

GOODS, DELIVERY = 0, 1
NO_LINE = UUID(int=0)
# A line of goods, or the delivery of one; delivery that is not told apart by lines has no line.
Key = tuple[int, UUID]


@dataclass(frozen=True, slots=True)
class TaxableLine:
    """A line by the amount that is paid for it, after discounts."""

    variant_id: UUID
    tax_class: str
    paid_minor: int


@dataclass(frozen=True, slots=True)
class TaxShare:
    """Tax of one rate on one line; `variant_id` is None for that on the delivery."""

    rate: TaxRate
    variant_id: UUID | None
    tax_minor: int


@dataclass(frozen=True, slots=True)
class PartTax:
    """Tax of a part: shares by line and rate, and for each rate the amount before tax that it was computed of."""

    shares: tuple[TaxShare, ...] = ()
    bases: tuple[tuple[TaxRate, int], ...] = ()


def compute_tax(
    *,
    lines: Sequence[TaxableLine],
    delivery_minor: int,
    table: TaxTable,
    subdivision: str,
    on: date,
    currency: str,
    is_included: bool,
) -> PartTax:
    """Return the tax of a part, the same for any order of its lines.

    Args:
        delivery_minor: the amount that is paid for the delivery, after discounts.
        subdivision: ISO 3166-2 code of the destination within the table's country, or empty.
        is_included: whether the amounts include the tax; it is told apart then, else it comes on top.
    """
    by_rates: dict[Rates, dict[Key, int]] = {}
    for key, tax_class, paid_minor in _taxables(lines, delivery_minor, table.delivery):
        rates = table.rates(tax_class=tax_class, subdivision=subdivision, on=on)
        if rates:
            by_rates.setdefault(rates, {})[key] = paid_minor
    shares: list[TaxShare] = []
    bases: dict[TaxRate, int] = {}
    for rates in sorted(by_rates, key=lambda each: (-_bps(each), [rate.name for rate in each])):
        paid = by_rates[rates]
        tax_minor = tax_on(sum(paid.values()), bps=_bps(rates), currency=currency, is_included=is_included)
        base_minor = sum(paid.values()) - (tax_minor if is_included else 0)
        for rate in rates:
            bases[rate] = bases.get(rate, 0) + base_minor
        shares += _split(tax_minor, paid, rates)
    return PartTax(shares=tuple(shares), bases=tuple(bases.items()))


def tax_on(paid_minor: int, *, bps: int, currency: str, is_included: bool) -> int:
    """Return the tax on an amount, rounded half up to the smallest amount that can be paid in the currency."""
    step = MINOR_PER_MAJOR if currency in WITHOUT_DECIMALS else 1
    whole = (ALL_BPS + bps if is_included else ALL_BPS) * step
    return (2 * paid_minor * bps + whole) // (2 * whole) * step


def _bps(rates: Rates) -> int:
    return sum(rate.bps for rate in rates)


def _taxables(lines: Sequence[TaxableLine], delivery_minor: int, rule: DeliveryRule) -> Iterator[tuple[Key, str, int]]:
    """Yield all that may be taxed, with its class and the amount that is paid for it."""
    for line in lines:
        yield (GOODS, line.variant_id), line.tax_class, line.paid_minor
    if rule is DeliveryRule.STANDARD and delivery_minor:
        yield (DELIVERY, NO_LINE), TaxClass.STANDARD, delivery_minor
    elif rule is DeliveryRule.GOODS and delivery_minor:
        paid = {line.variant_id: line.paid_minor for line in lines}
        weights = paid if any(paid.values()) else dict.fromkeys(paid, 1)
        classes = {line.variant_id: line.tax_class for line in lines}
        for variant_id, share_minor in allocate(delivery_minor, weights).items():
            yield (DELIVERY, variant_id), classes[variant_id], share_minor


def _split(tax_minor: int, paid: Mapping[Key, int], rates: Rates) -> Iterator[TaxShare]:
    """Split the tax over lines and levies: each line's shares sum to its tax, each levy's to the levy of the part."""
    left = allocate(tax_minor, {position: rate.bps for position, rate in enumerate(rates)})
    found: dict[tuple[int, UUID | None], int] = {}
    for (kind, variant_id), line_minor in allocate(tax_minor, paid).items():
        for position, share_minor in allocate(line_minor, left).items():
            left[position] -= share_minor
            key = (position, variant_id if kind == GOODS else None)
            found[key] = found.get(key, 0) + share_minor
    for (position, variant_id_or_none), share_minor in found.items():
        if share_minor:
            yield TaxShare(rates[position], variant_id_or_none, share_minor)


def rate_sums(shares: Iterable[TaxShare]) -> dict[TaxRate, int]:
    """Return the tax of each rate."""
    sums: dict[TaxRate, int] = {}
    for share in shares:
        sums[share.rate] = sums.get(share.rate, 0) + share.tax_minor
    return sums
