"""Update a product's variants to the input; within the shop's schema and the caller's transaction."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from catalogue.errors import VariantNotFoundError
from catalogue.models import PriceChange, Product, Variant
from catalogue.services import rows
from catalogue.services.inputs import VariantInput
from catalogue.services.stock import Count, record_counts
from kit.text.rules import spelled_line


def replace_variants(
    *, product: Product, active: Sequence[Variant], inputs: Sequence[VariantInput], source: str, now: datetime
) -> None:
    """Change the variants that are there, add the new ones, delete those that are left out.

    Args:
        active: the product's active variants.

    Raises:
        VariantNotFoundError: an input names a variant that the product does not have.
        StockBelowReservedError: a count is less than what is promised to orders.
        StockMovedError: a count was made from another than the current one.
    """
    matched = _match({variant.id: variant for variant in active}, inputs)
    kept = {variant.id for variant in matched if variant is not None}
    _delete([variant for variant in active if variant.id not in kept], now=now)
    prices = {variant.id: variant.price_minor for variant in active}
    reworded: list[Variant] = []
    added: list[tuple[Variant, int]] = []
    counts: dict[UUID, Count] = {}
    for position, (variant, data) in enumerate(zip(matched, inputs, strict=True)):
        if variant is None:
            added.append((rows.new_variant(product, data, position=position), data.on_hand or 0))
            continue
        if rows.fill_variant(variant, data, position=position):
            reworded.append(variant)
        if data.on_hand is not None:
            counts[variant.id] = Count(data.on_hand, data.if_on_hand)
    _save_texts(reworded)
    _save_numbers([variant for variant in matched if variant is not None], prices, now=now)
    rows.insert_variants(added, now=now)
    record_counts(counts=counts, source=source, now=now)


def _match(active: dict[UUID, Variant], inputs: Sequence[VariantInput]) -> list[Variant | None]:
    """Return the variant of each input, found by id, else by SKU; None for a new one."""
    named = {data.id for data in inputs if data.id is not None}
    by_sku = {variant.sku: variant for variant in active.values() if variant.id not in named}
    found: list[Variant | None] = []
    for data in inputs:
        if data.id is not None and data.id not in active:
            raise VariantNotFoundError
        found.append(active[data.id] if data.id is not None else by_sku.pop(spelled_line(data.sku), None))
    return found


def _delete(variants: Sequence[Variant], *, now: datetime) -> None:
    if variants:
        Variant.objects.filter(id__in=[variant.id for variant in variants]).update(deleted_at=now)


def _save_texts(variants: Sequence[Variant]) -> None:
    """Save new SKUs and options; those that stay as they are stored are not judged again.

    One statement writes them all, so two variants may swap their SKUs only through a third value: the
    constraint looks at every row as it is written.
    """
    if variants:
        Variant.objects.bulk_update(variants, rows.VARIANT_TEXTS)


def _save_numbers(variants: Sequence[Variant], prices: dict[UUID, int], *, now: datetime) -> None:
    """Save prices, weights and places, and note new prices."""
    if variants:
        Variant.objects.bulk_update(variants, rows.VARIANT_NUMBERS)
    PriceChange.objects.bulk_create(
        PriceChange(variant=variant, price_minor=variant.price_minor, changed_at=now)
        for variant in variants
        if variant.price_minor != prices[variant.id]
    )
