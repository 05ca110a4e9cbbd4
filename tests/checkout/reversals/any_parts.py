"""Parts of orders with any amounts, for tests of what goes back for them."""

from __future__ import annotations

from uuid import UUID

from hypothesis import strategies as st

from checkout.reversals.frozen import FrozenDelivery, FrozenLine, FrozenPart
from checkout.reversals.shares import Share


@st.composite
def frozen_lines(draw: st.DrawFn, unit: int, *, is_included: bool, keeps_commission: bool) -> FrozenLine:
    quantity = draw(st.integers(1, 12))
    items = quantity * draw(st.integers(1, 5_000)) * unit
    discount = draw(st.integers(0, items // unit)) * unit
    platform = draw(st.integers(0, discount // unit)) * unit
    highest = (items - discount) if is_included else 3 * (items - discount)
    tax = draw(st.integers(0, highest // unit)) * unit
    base = items - discount + platform
    commission = draw(st.integers(0, base)) if keeps_commission else None
    return FrozenLine(quantity, items, discount, platform, tax, commission)


@st.composite
def frozen_parts(draw: st.DrawFn) -> FrozenPart:
    unit, is_included = draw(st.sampled_from([1, 100])), draw(st.booleans())
    keeps = draw(st.booleans())  # parts of earlier releases keep the commission of the whole alone
    lines = {
        UUID(int=number): draw(frozen_lines(unit, is_included=is_included, keeps_commission=keeps))
        for number in range(1, draw(st.integers(1, 5)) + 1)
    }
    shipping = draw(st.integers(0, 3_000)) * unit
    discount = draw(st.integers(0, shipping // unit)) * unit
    platform = draw(st.integers(0, discount // unit)) * unit
    tax = draw(st.integers(0, (shipping - discount) // unit)) * unit
    base = sum(line.net_minor + line.platform_minor for line in lines.values())
    commission = sum(line.commission_minor or 0 for line in lines.values()) if keeps else draw(st.integers(0, base))
    return FrozenPart(
        currency="XOF" if unit > 1 else "NGN",
        prices_include_tax=is_included,
        commission_minor=commission,
        commission_tax_minor=draw(st.integers(0, min(base - commission, commission))),
        unit_minor=unit,
        lines=lines,
        delivery=FrozenDelivery(shipping, discount, platform, tax),
    )


def whole_of(part: FrozenPart) -> Share:
    lines, delivery = part.lines.values(), part.delivery
    return Share(
        items_minor=sum(line.items_minor for line in lines),
        discount_minor=sum(line.discount_minor for line in lines),
        shipping_minor=delivery.shipping_minor,
        delivery_discount_minor=delivery.discount_minor,
        tax_minor=sum(line.tax_minor for line in lines) + delivery.tax_minor,
        platform_minor=sum(line.platform_minor for line in lines) + delivery.platform_minor,
        commission_minor=part.commission_minor,
    )
