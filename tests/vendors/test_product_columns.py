"""A column of products or variants is carried wherever a shop's input passes; a new one by itself nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import pytest
from django.db import models
from django_tenants.utils import schema_context

from catalogue.models import Product, Variant
from catalogue.selectors.products import product_version
from catalogue.services.inputs import ProductInput, VariantInput, input_of
from catalogue.services.rows import fill, fill_variant
from kit.db.statements import load_statement
from kit.text.columns import CleanedText, CountryColumn, ParagraphsColumn
from kit.text.pairs import PairsColumn
from tests.vendors.test_product_form import shown
from tests.world.clock import NOW
from tests.world.factories.catalogue import add_product, make_categories
from tests.world.market import open_shop
from tests.world.own_shop import member, page_client
from vendors.serializers.products import ProductData, ProductOutput, VariantData, VariantOutput

KEPT_BY_PROGRAMS = {
    Product: {"id", "slug", "created_at", "updated_at", "deleted_at"},
    Variant: {"id", "product_id", "position", "deleted_at"},
}
BESIDE = {ProductInput: {"variants", "images"}, VariantInput: {"id", "on_hand", "if_on_hand"}}  # of other tables
CARRY_IT = "Carry it there (docs/recipes/add-a-column-to-every-shop.md, step 5), or name it in KEPT_BY_PROGRAMS."


def typed(model: type[models.Model]) -> dict[str, models.Field[Any, Any]]:
    """Return the columns that a shop fills in."""
    found = {str(field.column): field for field in model._meta.concrete_fields}
    return {name: field for name, field in found.items() if name not in KEPT_BY_PROGRAMS[model]}


def sample(field: models.Field[Any, Any]) -> Any:
    """Return a value for a column that is not its default."""
    if field.choices:
        return [value for value, _ in field.flatchoices][-1]
    match field:
        case CountryColumn():
            return "GH"
        case PairsColumn():
            return {"Colour": "Indigo"}
        case models.CharField() | models.TextField():
            return f"A {field.name}"
        case models.IntegerField():
            return 7 if field.name != "compare_at_minor" else 9  # above the price
        case models.BooleanField():
            return not field.get_default()
    raise NotImplementedError(f"Give {field} a sample here.")


def full_product() -> Product:
    """Return a product with a variant, not in the database, of which every column that a shop fills in is filled."""
    product = Product(**{name: sample(field) for name, field in typed(Product).items()})
    variants = [Variant(product=product, **{name: sample(field) for name, field in typed(Variant).items()})]
    product._prefetched_objects_cache = {"variants": variants, "images": []}  # type: ignore[attr-defined]
    return product


def left_out(names: Iterable[str], carried: Iterable[str]) -> set[str]:
    return set(names) - set(carried)


@pytest.mark.parametrize(("model", "kind"), [(Product, ProductInput), (Variant, VariantInput)])
def test_an_input_has_a_field_for_every_column(model: type[models.Model], kind: type[Any]) -> None:
    assert left_out(typed(model), (field.name for field in fields(kind))) == set(), CARRY_IT
    assert {field.name for field in fields(kind)} - BESIDE[kind] == typed(model).keys()


def test_the_input_of_a_product_has_all_that_is_stored_and_leaves_it() -> None:
    product = full_product()
    data, [variant] = input_of(product), product.variants.all()
    for model, row, sent in ((Product, product, data), (Variant, variant, data.variants[0])):
        lost = {name for name in typed(model) if getattr(sent, name) != getattr(row, name)}
        assert lost == set(), f"`input_of` loses them, so that a change of another field empties them. {CARRY_IT}"
    written = Product(), Variant()
    fill(written[0], data, now=NOW)
    fill_variant(written[1], data.variants[0], position=0)
    stored: tuple[Product | Variant, ...] = (product, variant)
    for before, found in zip(stored, written, strict=True):
        lost = {name for name in typed(type(before)) if getattr(found, name) != getattr(before, name)}
        assert lost == set(), f"catalogue/services/rows.py does not write them. {CARRY_IT}"


def test_every_column_is_part_of_the_version_that_edits_are_compared_by() -> None:
    product = full_product()
    [variant] = product.variants.all()
    before = product_version(product)
    for row in (product, variant):
        for name in typed(type(row)):
            kept = getattr(row, name)
            setattr(row, name, None)
            assert product_version(product) != before, f"`product_version` leaves out {name}. {CARRY_IT}"
            setattr(row, name, kept)


@pytest.mark.parametrize(
    ("model", "serializer"),
    [(Product, ProductData), (Product, ProductOutput), (Variant, VariantData), (Variant, VariantOutput)],
)
def test_the_api_takes_and_tells_every_column(model: type[models.Model], serializer: Any) -> None:
    told = {"category": "category_id"}
    known = {told.get(name, name) for name in serializer().fields}
    assert left_out(typed(model), known) == set(), f"{serializer.__name__} leaves them out. {CARRY_IT}"


@pytest.mark.django_db
def test_a_form_that_is_sent_as_it_was_shown_changes_no_column() -> None:
    shop, bags = open_shop("indigo-fabrics"), make_categories()["bags"]
    desk, made = page_client(shop, member(shop)), add_product(shop)
    values = {name: sample(field) for name, field in typed(Product).items()} | {"category_id": bags}
    with schema_context(shop.schema_name):
        Product.objects.filter(pk=made.pk).update(**values)
    address = f"/dashboard/products/{made.pk}/"
    assert desk.post(address, shown(desk.get(address))).status_code == 302
    with schema_context(shop.schema_name):
        stored = Product.objects.filter(pk=made.pk).values(*values).get()
    lost = {name for name in values if stored[name] != values[name]}
    assert lost == set(), f"vendors/forms/editor.py does not carry them from the row to the row. {CARRY_IT}"


def test_every_line_of_text_is_looked_through_when_an_archive_is_restored() -> None:
    statement = load_statement("catalogue.services", "archived_faults")
    lines = {
        name
        for model in (Product, Variant)
        for name, field in typed(model).items()
        if isinstance(field, CleanedText) and not isinstance(field, ParagraphsColumn)
    }
    assert lines >= {"title", "sku"}
    assert left_out(lines, re.findall(r"\w+", statement)) == set(), (
        "Name it in catalogue/services/sql/archived_faults.sql."
    )


def test_a_column_that_is_carried_nowhere_is_found() -> None:
    """The control."""
    assert left_out([*typed(Product), "shade_of_box"], typed(Product)) == {"shade_of_box"}
