"""Weights and tax classes by a file: judged as in forms, applied, refused where they were edited, and taken back."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django_tenants.utils import schema_context

from catalogue.models import Product, StockImportRow, Variant
from catalogue.selectors.imports import first_problems, iterate_variants
from catalogue.services.imports.running import confirm_import, undo_import
from catalogue.services.inputs import ProductInput, VariantInput
from catalogue.services.products import create_product
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.factories.people import person
from tests.world.imports import run_all, upload
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
BEFORE = {"S": (None, "standard"), "L": (900, "standard"), "RUG": (2_000, "reduced")}


@pytest.fixture
def actor(db: None) -> int:
    return person(email="clerk@example.com").pk


@pytest.fixture
def shop(db: None) -> Shop:
    shop = open_shop("cloth-hall")
    sizes = [
        VariantInput(sku=sku, price_minor=100_000, on_hand=5, options={"Size": sku}, weight_g=grams)
        for sku, grams in (("S", None), ("L", 900))
    ]
    create_product(shop=shop, data=ProductInput(title="Shirt", status="active", variants=sizes), now=NOW)
    rug = [VariantInput(sku="RUG", price_minor=500_000, on_hand=5, options={}, weight_g=2_000)]
    data = ProductInput(title="Rug", status="active", variants=rug, tax_class="reduced")
    create_product(shop=shop, data=data, now=NOW)
    return shop


def facts(shop: Shop) -> dict[str, tuple[int | None, str]]:
    with schema_context(shop.schema_name):
        return {v.sku: (v.weight_g, v.product.tax_class) for v in Variant.objects.select_related("product")}


def apply(shop: Shop, text: str, actor: int) -> Any:
    made = upload(shop, text, actor=actor)
    confirm_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    return made


def test_weights_and_classes_are_written_and_taken_back(shop: Shop, actor: int) -> None:
    text = "sku,weight (g),tax_class\nS,420,Zero\nL,,zero\nRUG,0,\n"
    made = upload(shop, text, actor=actor)
    assert (made.rows, made.faulty, made.changes) == (3, 0, 3)
    assert facts(shop) == BEFORE
    confirm_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    assert facts(shop) == {"S": (420, "zero"), "L": (900, "zero"), "RUG": (None, "reduced")}
    undo_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    assert facts(shop) == BEFORE


def test_the_table_that_is_taken_out_comes_back_as_it_is(shop: Shop, actor: int) -> None:
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["SKU", "Price", "On hand", "Weight (g)", "Tax class"])
    for sku, _, _, price_minor, on_hand, weight_g, tax_class in iterate_variants(shop=shop):
        writer.writerow([sku, price_minor / 100, on_hand, weight_g, tax_class])
    made = upload(shop, table.getvalue(), actor=actor)
    assert (made.rows, made.faulty, made.changes) == (3, 0, 0)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("S,-1,", "not a weight"),
        ("S,0.42,", "not a weight"),
        ("S,1 kg,", "not a weight"),
        ("S,1000001,", "at most"),
        ("S,,vat", "not a tax class"),
        ("S,,standard rate", "not a tax class"),
    ],
    ids=range(6),
)
def test_what_the_forms_refuse_is_refused(shop: Shop, actor: int, row: str, says: str) -> None:
    made = upload(shop, f"sku,weight g,tax class\n{row}\n", actor=actor)
    assert (made.faulty, made.changes) == (1, 0)
    [problem] = first_problems(shop=shop, import_id=made.pk)
    assert says in problem.message


def test_a_product_has_one_tax_class(shop: Shop, actor: int) -> None:
    made = apply(shop, "sku,tax class\nS,zero\nL,exempt\n", actor)
    assert facts(shop)["S"][1] == facts(shop)["L"][1] == "zero"
    [problem] = first_problems(shop=shop, import_id=made.pk)
    assert (problem.sku, "“zero”" in problem.message) == ("L", True)


def test_what_was_edited_meanwhile_is_left_alone_and_the_rest_is_written(shop: Shop, actor: int) -> None:
    made = upload(shop, "sku,price,weight (g),tax class\nL,900,800,zero\nRUG,,,exempt\n", actor=actor)
    with schema_context(shop.schema_name):
        Variant.objects.filter(sku="L").update(weight_g=950)
        Product.objects.filter(title="Rug").update(tax_class="zero")
    confirm_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    assert facts(shop)["L"] == (950, "zero")
    assert facts(shop)["RUG"] == (2_000, "zero")
    said = {each.sku: each.message for each in first_problems(shop=shop, import_id=made.pk)}
    assert "The weight was not changed" in said["L"]
    assert "The tax class was not changed" in said["RUG"]
    undo_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    assert facts(shop)["L"] == (950, "standard"), "only what was written is taken back"


@pytest.mark.parametrize("name", ["Weight", "weight (kg)", "Tax", "Tax rate"])
def test_a_column_that_could_mean_one_is_not_left_out_silently(shop: Shop, actor: int, name: str) -> None:
    from catalogue.errors import ImportFileError

    with pytest.raises(ImportFileError, match="Weight"):
        upload(shop, f"sku,price,{name}\nS,5,1\n", actor=actor)
    with schema_context(shop.schema_name):
        assert not StockImportRow.objects.exists()
