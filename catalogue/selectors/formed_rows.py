"""The products that rows of a shop's catalogue belong to."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import models
from django_tenants.utils import schema_context

from catalogue.models import Product, ProductImage, Variant

# The models that listings are made from, each with the field that names the product.
PRODUCT_FIELDS: dict[type[models.Model], str] = {Product: "id", Variant: "product_id", ProductImage: "product_id"}


def products_of_rows(*, schema_name: str, model: str, keys: Collection[Any]) -> list[UUID]:
    """Return the products of some rows of a model, given by its label; none where no listing is made from it."""
    found: set[UUID] = set()
    with schema_context(schema_name):
        for kind, field in PRODUCT_FIELDS.items():
            if kind._meta.label == model:  # noqa: SLF001 - documented
                found |= set(kind._default_manager.filter(pk__in=keys).values_list(field, flat=True))  # noqa: SLF001
    return sorted(found)
