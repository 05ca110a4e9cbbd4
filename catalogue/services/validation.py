"""Validation of a product before it is written; refusals name the fields."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from catalogue.models import ProductStatus
from catalogue.services.inputs import ProductInput, VariantInput
from catalogue.tax_classes import TaxClass
from kit.errors import Fault, InvalidInputError
from kit.money import is_whole_enough
from kit.text.numbers import grouped
from kit.text.rules import spelled_line

MAX_TITLE = 160
MAX_DESCRIPTION = 20_000
MAX_BRAND = 80
MAX_SKU = 64
MAX_VARIANTS = 100
MAX_IMAGES = 8
MAX_PRICE_MINOR = 10**12
MAX_WEIGHT_G = 1_000_000
MAX_ON_HAND = 10**9
MAX_OPTIONS = 3
MAX_OPTION_NAME = 40
MAX_OPTION_VALUE = 60

Messages = dict[str, Any]


def check_product(
    data: ProductInput, *, known_categories: Collection[int], currency: str, stored: ProductInput | None = None
) -> None:
    """Refuse a product that cannot be sold, with a message per field.

    Args:
        stored: the product that is changed; what stays as it is there is not judged again.

    Raises:
        InvalidInputError: `details` maps a field to its messages; `variants` to those of each faulty one, by place.
    """
    details: Messages = {}
    for field, message in _product_faults(data, known_categories):
        if not _is_kept(field, data, stored):
            details.setdefault(field, []).append(message)
    before = {variant.id: variant for variant in stored.variants} if stored else {}
    faults = [_collect(variant, data.variants, currency, before.get(variant.id)) for variant in data.variants]
    if any(faults):
        details["variants"] = {str(place): found for place, found in enumerate(faults) if found}
    if details:
        raise InvalidInputError(details=details)


def _is_kept(field: str, data: ProductInput, stored: ProductInput | None) -> bool:
    """Return whether a field is as it is stored; of variants, whether they are the same with the same options."""
    if stored is None:
        return False
    if field != "variants":
        return bool(getattr(data, field) == getattr(stored, field))
    return [(each.id, each.options) for each in data.variants] == [(each.id, each.options) for each in stored.variants]


def fault_of_weight(grams: int | None) -> str:
    """Return the reason why a variant can't weigh so many grams, or an empty text; for forms, files and calls."""
    if grams is None or 0 <= grams <= MAX_WEIGHT_G:
        return ""
    if grams < 0:
        return gettext("A weight is zero or more.")
    return gettext("A weight is at most %(most)s g.") % {"most": grouped(MAX_WEIGHT_G)}


def fault_of_tax_class(name: str) -> str:
    """Return the reason why a product can't have a tax class, or an empty text."""
    if name in TaxClass.values:
        return ""
    return gettext("Choose the standard rate, the reduced rate, zero-rated or exempt.")


def _product_faults(data: ProductInput, known_categories: Collection[int]) -> Iterator[tuple[str, str]]:
    title = spelled_line(data.title)
    if not title:
        yield "title", gettext("Give the product a title.")
    yield from _length_faults(title, data)
    if data.category_id is not None and data.category_id not in known_categories:
        yield "category_id", Fault(gettext("There is no such category."), "unknown_category")
    if data.status not in ProductStatus.values:
        yield "status", gettext("Choose draft, active or archived.")
    if class_fault := fault_of_tax_class(data.tax_class):
        yield "tax_class", class_fault
    if len(data.images) > MAX_IMAGES:
        yield "images", (gettext("A product has at most %(max_images)s pictures.") % {"max_images": MAX_IMAGES})
    yield from _variants_faults(data.variants)


def _length_faults(title: str, data: ProductInput) -> Iterator[tuple[str, str]]:
    if len(title) > MAX_TITLE:
        yield "title", (gettext("Keep the title within %(max_title)s characters.") % {"max_title": MAX_TITLE})
    if len(data.description) > MAX_DESCRIPTION:
        yield (
            "description",
            (
                gettext("Keep the description within %(max_description)s characters.")
                % {"max_description": grouped(MAX_DESCRIPTION)}
            ),
        )
    if len(data.brand) > MAX_BRAND:
        yield "brand", (gettext("Keep the brand within %(max_brand)s characters.") % {"max_brand": MAX_BRAND})


def _variants_faults(variants: Sequence[VariantInput]) -> Iterator[tuple[str, str]]:
    if not variants:
        yield "variants", gettext("A product needs at least one variant.")
    if len(variants) > MAX_VARIANTS:
        yield "variants", (gettext("A product has at most %(max_variants)s variants.") % {"max_variants": MAX_VARIANTS})
    named = [variant.id for variant in variants if variant.id is not None]
    if len(set(named)) < len(named):
        yield "variants", Fault(gettext("Two variants have the same id."), "repeated_value")
    options = [_spelled(variant.options) for variant in variants]
    if len({frozenset(name for name, _ in pairs) for pairs in options}) > 1:
        yield "variants", Fault(gettext("Every variant needs the same options."), "unequal_options")
    elif len(set(map(frozenset, options))) < len(variants):
        yield "variants", Fault(gettext("Two variants have the same options."), "repeated_value")


def _collect(
    variant: VariantInput, siblings: Sequence[VariantInput], currency: str, stored: VariantInput | None
) -> Messages:
    messages: Messages = {}
    taken = Counter(spelled_line(sibling.sku) for sibling in siblings)
    faults = [*_sku_faults(variant.sku, taken), *_price_faults(variant, currency), *_option_faults(variant.options)]
    if variant.on_hand is not None and not 0 <= variant.on_hand <= MAX_ON_HAND:
        faults.append(("on_hand", gettext("Stock is a whole number, zero or more.")))
    if weight_fault := fault_of_weight(variant.weight_g):
        faults.append(("weight_g", weight_fault))
    for field, message in faults:
        if _is_new(field, variant, stored):
            messages.setdefault(field, []).append(message)
    changed = [field for field in ("compare_at_minor", "price_minor") if _is_new(field, variant, stored)]
    if changed and not _is_reduced(variant):
        fault = Fault(gettext("The old price must be higher than the price."), "not_reduced")
        messages.setdefault(changed[0], []).append(fault)
    return messages


def _is_new(field: str, variant: VariantInput, stored: VariantInput | None) -> bool:
    return stored is None or getattr(variant, field) != getattr(stored, field)


def _is_reduced(variant: VariantInput) -> bool:
    """Return whether the price is below the old one, if there is one; either of them may have changed."""
    was = variant.compare_at_minor
    return was is None or variant.price_minor < was


def _sku_faults(sku: str, taken: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    sku = spelled_line(sku)
    if not sku:
        yield "sku", gettext("Give the variant a SKU.")
    if len(sku) > MAX_SKU:
        yield "sku", (gettext("Keep the SKU within %(max_sku)s characters.") % {"max_sku": MAX_SKU})
    if taken[sku] > 1:
        yield "sku", Fault(gettext("Two variants have this SKU."), "repeated_value")


def _price_faults(variant: VariantInput, currency: str) -> Iterator[tuple[str, str]]:
    for field, minor in (("price_minor", variant.price_minor), ("compare_at_minor", variant.compare_at_minor)):
        if minor is not None and not is_whole_enough(minor, currency):
            message = gettext("%(currency)s has no smaller unit: give whole hundreds, such as 150000 for 1,500.")
            yield field, Fault(message % {"currency": currency}, "no_smaller_unit")
    if not 0 < variant.price_minor <= MAX_PRICE_MINOR:
        yield "price_minor", gettext("A price is more than zero.")
    if variant.compare_at_minor is not None and variant.compare_at_minor > MAX_PRICE_MINOR:
        yield "compare_at_minor", gettext("A price is more than zero, and within reason.")


def _option_faults(options: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if len(options) > MAX_OPTIONS:
        yield "options", (gettext("A variant has at most %(max_options)s options.") % {"max_options": MAX_OPTIONS})
    pairs = _spelled(options)
    if any(not 0 < len(name) <= MAX_OPTION_NAME or not 0 < len(value) <= MAX_OPTION_VALUE for name, value in pairs):
        yield "options", gettext("Give every option a short name and a value.")
    if len({name for name, _ in pairs}) < len(pairs):
        yield "options", Fault(gettext("Two options have the same name."), "repeated_value")


def _spelled(options: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return options as they would be stored."""
    return [(spelled_line(str(name)), spelled_line(str(value))) for name, value in options.items()]
