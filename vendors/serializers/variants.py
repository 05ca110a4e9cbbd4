"""Changes of some of a product's variants, put over those that it has."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext
from rest_framework.serializers import Field, ValidationError

from catalogue.errors import VariantNotFoundError
from catalogue.services.inputs import VariantInput
from kit.api.words import WORDS


class Merged(NamedTuple):
    """All of a product's variants as they shall be, and the places in the body of those that were sent, by place."""

    variants: list[VariantInput]
    sent_places: Mapping[int, int]


def merge_variants(
    existing: Sequence[VariantInput], sent: Sequence[Mapping[str, Any]], removed: Collection[UUID]
) -> Merged:
    """Return a product's variants: those that are named changed, new ones last, the rest kept.

    Those that are named take each other's places in the order in which they were sent, so a list of all of them puts
    them in its order, and a list of one moves nothing.

    Raises:
        VariantNotFoundError: an id is none of the product's.
        ValidationError: one is named twice, or removed and named; or a new one has no SKU or price.
    """
    by_id = {variant.id: variant for variant in existing}
    named = [_named(data, by_id) for data in sent]
    _refuse_repeated(named, removed)
    if not by_id.keys() >= set(removed):
        raise VariantNotFoundError
    given = [
        _new(place, data) if variant is None else replace(variant, **data)
        for place, (variant, data) in enumerate(zip(named, sent, strict=True))
    ]
    changed = [place for place, variant in enumerate(named) if variant is not None]
    touched = {given[place].id for place in changed}
    in_order = iter(changed)
    kept: list[VariantInput | int] = [
        next(in_order) if variant.id in touched else variant for variant in existing if variant.id not in removed
    ]
    merged = kept + [place for place, variant in enumerate(named) if variant is None]
    return Merged(
        [given[each] if isinstance(each, int) else each for each in merged],
        {place: each for place, each in enumerate(merged) if isinstance(each, int)},
    )


def _named(data: Mapping[str, Any], by_id: Mapping[UUID | None, VariantInput]) -> VariantInput | None:
    """Return the variant that an entry names by its id, or else by its SKU; None for a new one."""
    if "id" not in data:
        return next((variant for variant in by_id.values() if variant.sku == str(data.get("sku", "")).strip()), None)
    if data["id"] not in by_id:
        raise VariantNotFoundError
    return by_id[data["id"]]


def _refuse_repeated(named: Sequence[VariantInput | None], removed: Collection[UUID]) -> None:
    times = Counter(variant.id for variant in named if variant is not None)
    if any(count > 1 for count in times.values()):
        raise ValidationError({"variants": [gettext("Two entries name the same variant.")]}, code="repeated_value")
    if times.keys() & set(removed):
        raise ValidationError(
            {"removed_variants": [gettext("A variant is both changed and removed.")]}, code="either_or"
        )


def _new(index: int, data: Mapping[str, Any]) -> VariantInput:
    if missing := {name: [str(WORDS[Field]["required"])] for name in ("sku", "price_minor") if name not in data}:
        raise ValidationError({"variants": {str(index): missing}}, code="required")
    return VariantInput(**data)
