"""The variant that a product's page shows, and the groups of values to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from catalogue.discovery.selectors.choices import OPTION_FIELD, has_options, picked_options, varying_options
from catalogue.discovery.selectors.listings import ListingDetail, Picture, VariantDetail
from kit.money import format_minor
from kit.text.folding import fold

FEW = 5
MOST_AT_ONCE = 99
VARIANT_FIELD = "variant"


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice among the variants of a product.

    Args:
        picked: the chosen values of the options in which variants differ.
        variant: the variant with these values; None where the shop has none.
    """

    picked: Mapping[str, str]
    variant: VariantDetail | None

    @property
    def is_available(self) -> bool:
        """Return whether it can be put in a basket."""
        return self.variant is not None and self.variant.available > 0

    @property
    def is_scarce(self) -> bool:
        """Return whether so few are left that the page says how many."""
        return self.variant is not None and 0 < self.variant.available <= FEW

    @property
    def label(self) -> str:
        """Return the chosen values for display."""
        if self.picked or self.variant is None:
            return " / ".join(self.picked.values())
        return self.variant.label

    @property
    def most(self) -> int:
        """Return the largest quantity that can be ordered at once."""
        return min(MOST_AT_ONCE, self.variant.available) if self.variant else 0


def choose(listing: ListingDetail, params: Mapping[str, str]) -> Choice:
    """Return the choice of an address: by the variant's id, or by values of options.

    An option that the address leaves open, or names wrongly, is taken from the first variant that can be had.
    """
    options = varying_options([variant.options for variant in listing.variants])
    in_stock_first = sorted(listing.variants, key=lambda variant: variant.available <= 0)
    named = [variant for variant in listing.variants if str(variant.id) == params.get(VARIANT_FIELD, "")]
    asked = {name: value for name, value in picked_options(params).items() if value in options.get(name, [])}
    fitting = [variant for variant in in_stock_first if has_options(variant.options, asked)]
    shown = next(iter([*named, *fitting, *in_stock_first]), None)
    if shown is None:
        return Choice({}, None)
    picked = {name: shown.options[name] for name in options}
    return Choice(picked, shown) if named or fitting else Choice(picked | asked, None)


def groups_of(listing: ListingDetail, choice: Choice) -> list[dict[str, Any]]:
    """Return a group of radio buttons for each option in which variants differ; one of all variants where none are."""
    options = varying_options([variant.options for variant in listing.variants])
    if len(listing.variants) <= 1:
        return []
    if len(options) <= 1:
        legend = next(iter(options), gettext("Choose one"))
        return [{"legend": legend, "name": VARIANT_FIELD, "options": _one_by_one(listing, choice, list(options))}]
    return [
        {
            "legend": name,
            "name": OPTION_FIELD + name,
            "options": [_value(listing, choice, name, value) for value in values],
        }
        for name, values in options.items()
    ]


def fixed_options(listing: ListingDetail) -> dict[str, str]:
    """Return the options that all variants have in common."""
    if not listing.variants:
        return {}
    first = listing.variants[0].options
    return {name: text for name, text in first.items() if all(v.options.get(name) == text for v in listing.variants)}


def stock_text(choice: Choice) -> str:
    """Return the stock of the choice, for people."""
    left = choice.variant.available if choice.variant else 0
    if left <= 0:
        return gettext("Sold out")
    if choice.is_scarce:
        return ngettext("Only %(left)s left", "Only %(left)s left", left) % {"left": left}
    return gettext("In stock")


def picture_place(pictures: Sequence[Picture], choice: Choice) -> int:
    """Return the place of the picture whose description names most of what is chosen; else the first."""
    values = choice.variant.options.values() if choice.variant else choice.picked.values()
    words = [f" {' '.join(fold(value).split())} " for value in values]
    texts = [f" {' '.join(fold(picture.alt).split())} " for picture in pictures]
    scores = [sum(word in text for word in words if word.strip()) for text in texts]
    return scores.index(max(scores)) if scores else 0


def _one_by_one(listing: ListingDetail, choice: Choice, names: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {
            "value": str(variant.id),
            "label": variant.options[names[0]] if names else variant.label,
            "hint": _hint(listing, variant) if variant.available > 0 else "",
            "available": variant.available > 0,
            "checked": variant is choice.variant,
        }
        for variant in listing.variants
    ]


def _value(listing: ListingDetail, choice: Choice, name: str, value: str) -> dict[str, Any]:
    """Return a value of an option: not available where it is sold out with all else that is chosen."""
    having = [variant for variant in listing.variants if variant.options[name] == value]
    beside = [variant for variant in having if has_options(variant.options, {**choice.picked, name: value})]
    is_there = any(variant.available > 0 for variant in beside)
    is_nowhere = all(variant.available <= 0 for variant in having)
    others = " / ".join(picked for other, picked in choice.picked.items() if other != name)
    missing = "" if is_nowhere else gettext("Not in %(choice)s") % {"choice": others}
    return {
        "value": value,
        "label": value,
        "hint": _hint(listing, beside[0]) if is_there else missing,
        "available": is_there,
        "can_be_chosen": not is_nowhere,
        "checked": choice.picked.get(name) == value,
    }


def _hint(listing: ListingDetail, variant: VariantDetail) -> str:
    has_prices = listing.price_max_minor > listing.price_minor
    price = format_minor(variant.price_minor, listing.currency) if has_prices else ""
    left = ""
    if 0 < variant.available <= FEW:
        left = ngettext("%(left)s left", "%(left)s left", variant.available) % {"left": variant.available}
    return " · ".join(part for part in (price, left) if part)
