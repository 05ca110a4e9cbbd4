"""Products: created, changed, archived and deleted, with their listing in step."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django_tenants.utils import schema_context

from catalogue.discovery.models import Listing, ListingVariant
from catalogue.errors import ProductNotFoundError, SkuTakenError, StockBelowReservedError, VariantNotFoundError
from catalogue.models import PriceChange, Product, StockLevel, StockMovement, Variant
from catalogue.selectors.products import (
    get_product,
    get_variant,
    list_products,
    low_stock_variants,
    status_counts,
    variants_by_sku,
)
from catalogue.selectors.stock_history import price_history, stock_history
from catalogue.services.inputs import ImageInput, ProductInput, VariantInput, input_of
from catalogue.services.products import (
    archive_product,
    create_product,
    create_products,
    delete_product,
    publish_product,
    update_product,
)
from kit.errors import InvalidInputError
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.factories.catalogue import (
    add_product,
    make_categories,
    product_input,
    statements,
    variant,
    variant_ids,
)
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo")


def rows(shop: Shop) -> dict[str, int]:
    with schema_context(shop.schema_name):
        models = (Product, Variant, StockLevel, StockMovement, PriceChange)
        counted = {model.__name__: model.objects.count() for model in models}
    return counted | {"Listing": Listing.objects.count(), "ListingVariant": ListingVariant.objects.count()}


def movements(shop: Shop, variant_id: UUID) -> list[StockMovement]:
    return [each.movement for each in stock_history(shop=shop, variant_id=variant_id).rows]


def test_a_product_is_created_whole(shop: Shop) -> None:
    categories = make_categories()
    data = ProductInput(
        title="  Aṣọ-òkè tote ",
        description="Woven in Iseyin.",
        category_id=categories["bags"],
        brand="Iseyin Looms",
        status="active",
        variants=[
            variant("TOTE-I", 2_000_000, options={"Colour": "Indigo"}, compare_at_minor=2_400_000),
            variant("TOTE-R", 1_900_000, options={"Colour": "Rust"}, on_hand=0),
        ],
        images=[ImageInput("shops/1/products/x/a-800.webp", "From the front")],
    )

    product = create_product(shop=shop, data=data, now=NOW)

    assert rows(shop) == {
        "Product": 1, "Variant": 2, "StockLevel": 2, "StockMovement": 1, "PriceChange": 2,
        "Listing": 1, "ListingVariant": 2,
    }  # fmt: skip
    listing = Listing.objects.get(id=product.id)
    assert (listing.title, listing.slug, listing.brand) == ("Aṣọ-òkè tote", "aso-oke-tote", "Iseyin Looms")
    assert (listing.price_minor, listing.price_max_minor, listing.compare_at_minor) == (1_900_000, 2_000_000, None)
    assert listing.is_visible
    assert listing.is_in_stock
    assert listing.image == "shops/1/products/x/a-800.webp"
    assert listing.images == [{"file": "shops/1/products/x/a-800.webp", "alt": "From the front"}]
    assert [v.is_in_stock for v in ListingVariant.objects.order_by("position")] == [True, False]
    movement = movements(shop, variant_ids(shop, product.id)[0])[0]
    assert (movement.kind, movement.quantity) == ("opening", 10)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 161}, "title"),
        ({"brand": "x" * 81}, "brand"),
        ({"description": "x" * 20_001}, "description"),
        ({"category_id": 999_999}, "category_id"),
        ({"status": "sold"}, "status"),
        ({"tax_class": "luxury"}, "tax_class"),
        ({"variants": []}, "variants"),
        ({"variants": [variant("A"), variant("B")]}, "variants"),
        ({"variants": [variant("A", options={"Size": "M"}), variant("B", options={"Colour": "Red"})]}, "variants"),
        ({"images": [ImageInput(f"{n}") for n in range(9)]}, "images"),
    ],
)
def test_a_product_that_cannot_be_sold_is_refused(shop: Shop, change: dict[str, Any], field: str) -> None:
    before = rows(shop)
    with pytest.raises(InvalidInputError) as refusal:
        create_product(shop=shop, data=product_input(**change), now=NOW)
    assert field in refusal.value.details
    assert rows(shop) == before


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (variant(" "), "sku"),
        (variant("x" * 65), "sku"),
        (variant("A", 0), "price_minor"),
        (variant("A", -1), "price_minor"),
        (variant("A", 100, compare_at_minor=100), "compare_at_minor"),
        (variant("A", on_hand=-1), "on_hand"),
        (variant("A", weight_g=-1), "weight_g"),
        (variant("A", options={"": "x"}), "options"),
        (variant("A", options={str(n): "x" for n in range(4)}), "options"),
    ],
)
def test_a_bad_variant_is_named_by_its_place(shop: Shop, bad: VariantInput, field: str) -> None:
    before = rows(shop)
    with pytest.raises(InvalidInputError) as refusal:
        create_product(shop=shop, data=product_input(variants=[bad]), now=NOW)
    assert list(refusal.value.details["variants"]["0"]) == [field]
    assert rows(shop) == before


def test_a_sku_belongs_to_one_living_variant_of_a_shop(shop: Shop) -> None:
    first = add_product(shop, sku="TOTE")
    before = rows(shop)
    with pytest.raises(SkuTakenError) as refusal:
        add_product(shop, sku="TOTE")
    assert refusal.value.details == {"sku": ("TOTE",)}
    with pytest.raises(SkuTakenError):
        create_products(shop=shop, products=[product_input(sku="NEW"), product_input(sku="NEW")], now=NOW)
    assert rows(shop) == before

    add_product(open_shop("copper"), sku="TOTE")
    delete_product(shop=shop, product_id=first.id, now=LATER)
    add_product(shop, sku="TOTE")
    assert set(variants_by_sku(shop=shop, skus=["TOTE", "NONE"])) == {"TOTE"}


def test_many_products_cost_as_many_statements_as_one(shop: Shop) -> None:
    with statements() as one:
        create_products(shop=shop, products=[product_input(sku="A")], now=NOW)
    with statements() as many:
        created = create_products(shop=shop, products=[product_input(sku=f"B{n}") for n in range(200)], now=NOW)
    assert len(many) == len(one) <= 22
    assert len(created) == 200
    assert Listing.objects.count() == 201


def test_faults_of_many_products_are_keyed_by_their_place(shop: Shop) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        create_products(shop=shop, products=[product_input(sku="A"), product_input(title="", sku="B")], now=NOW)
    assert list(refusal.value.details) == ["1"]
    assert rows(shop)["Product"] == 0


def test_an_update_changes_adds_and_deletes_variants(shop: Shop) -> None:
    product = add_product(
        shop,
        variants=[
            variant("A", 1000, options={"Size": "S"}),
            variant("B", 2000, options={"Size": "M"}),
        ],
    )
    first, second = variant_ids(shop, product.id)
    data = product_input(
        "Renamed tote",
        variants=[
            variant("C", 3000, options={"Size": "L"}, on_hand=4),
            VariantInput(id=first, sku="A2", price_minor=1500, options={"Size": "S"}, on_hand=7),
        ],
    )

    update_product(shop=shop, product_id=product.id, data=data, now=LATER)

    listing = Listing.objects.get()
    assert (listing.title, listing.price_minor, listing.price_max_minor) == ("Renamed tote", 1500, 3000)
    assert listing.updated_at == LATER
    assert [(v.sku, v.position) for v in listing.variants.all()] == [("C", 0), ("A2", 1)]
    assert not ListingVariant.objects.filter(id=second).exists()
    assert [change.price_minor for change in price_history(shop=shop, variant_id=first).rows] == [1500, 1000]
    assert [(m.kind, m.quantity) for m in movements(shop, first)] == [
        ("adjustment", -3),
        ("opening", 10),
    ]
    with pytest.raises(VariantNotFoundError):
        get_variant(shop=shop, variant_id=second)


def test_an_update_of_nothing_changes_nothing(shop: Shop) -> None:
    product = add_product(shop, variants=[variant("A", 1000, compare_at_minor=1200)])
    before = rows(shop)
    data = input_of(get_product(shop=shop, product_id=product.id))
    update_product(shop=shop, product_id=product.id, data=data, now=NOW)
    assert rows(shop) == before
    assert input_of(get_product(shop=shop, product_id=product.id)) == data


def test_an_update_that_is_refused_leaves_everything(shop: Shop) -> None:
    product = add_product(shop, sku="A")
    add_product(shop, sku="TAKEN")
    (variant_id,) = variant_ids(shop, product.id)
    with schema_context(shop.schema_name):
        StockLevel.objects.filter(pk=variant_id).update(reserved=5)
    before = rows(shop)
    data = input_of(get_product(shop=shop, product_id=product.id))
    own = data.variants[0]
    for bad, error in [
        ([replace(own, sku="TAKEN")], SkuTakenError),
        ([replace(own, on_hand=4)], StockBelowReservedError),
        ([replace(own, id=product.id)], VariantNotFoundError),
    ]:
        with pytest.raises(error) as refusal:
            update_product(shop=shop, product_id=product.id, data=replace(data, title="Other", variants=bad), now=LATER)
        assert (refusal.value.details == {"sku": ("TAKEN",)}) is (error is SkuTakenError)
    assert rows(shop) == before
    assert input_of(get_product(shop=shop, product_id=product.id)) == data
    assert Listing.objects.get(id=product.id).title == "Hand-woven tote"


def test_a_product_is_hidden_by_archiving_and_shown_by_publishing(shop: Shop) -> None:
    product = add_product(shop)
    archive_product(shop=shop, product_id=product.id, now=LATER)
    assert not Listing.objects.get().is_visible
    publish_product(shop=shop, product_id=product.id, now=LATER)
    assert Listing.objects.get().is_visible
    assert status_counts(shop=shop) == {"draft": 0, "active": 1, "archived": 0}


def test_a_deleted_product_leaves_the_market_but_not_the_shop(shop: Shop) -> None:
    product = add_product(shop)
    delete_product(shop=shop, product_id=product.id, now=LATER)
    assert not Listing.objects.exists()
    assert not ListingVariant.objects.exists()
    assert rows(shop)["Product"] == 1
    assert list_products(shop=shop).count == 0
    with pytest.raises(ProductNotFoundError):
        delete_product(shop=shop, product_id=product.id, now=LATER)


def test_another_shops_product_is_out_of_reach(shop: Shop) -> None:
    other = open_shop("copper")
    theirs = add_product(other, "Copper pan")
    (their_variant,) = variant_ids(other, theirs.id)
    before = Listing.objects.values().get()
    data = product_input("Stolen")
    for attempt in (
        lambda: get_product(shop=shop, product_id=theirs.id),
        lambda: update_product(shop=shop, product_id=theirs.id, data=data, now=LATER),
        lambda: archive_product(shop=shop, product_id=theirs.id, now=LATER),
        lambda: publish_product(shop=shop, product_id=theirs.id, now=LATER),
        lambda: delete_product(shop=shop, product_id=theirs.id, now=LATER),
    ):
        with pytest.raises(ProductNotFoundError):
            attempt()
    with pytest.raises(VariantNotFoundError):
        get_variant(shop=shop, variant_id=their_variant)
    own = add_product(shop)
    with pytest.raises(VariantNotFoundError):
        update_product(
            shop=shop,
            product_id=own.id,
            data=product_input(variants=[VariantInput(id=their_variant, sku="X", price_minor=1)]),
            now=LATER,
        )
    assert Listing.objects.values().get(id=theirs.id) == before
    assert movements(shop, their_variant) == []


def test_a_shop_finds_its_products(shop: Shop) -> None:
    add_product(shop, "Blue tote", sku="BLUE-1")
    few = add_product(shop, "Red tote", variants=[variant("RED-1", on_hand=3)], status="draft")
    add_product(shop, "Green tote", variants=[variant("GREEN-1", on_hand=2)])
    assert list_products(shop=shop).count == 3
    assert [p.title for p in list_products(shop=shop, search="red-").products] == ["Red tote"]
    assert [p.id for p in list_products(shop=shop, status="draft").products] == [few.id]
    assert {p.title for p in list_products(shop=shop, low_stock=True).products} == {"Red tote", "Green tote"}
    assert [v.sku for v in low_stock_variants(shop=shop)] == ["GREEN-1"]
    page = list_products(shop=shop, offset=1, limit=1)
    assert (len(page.products), page.count) == (1, 3)
    assert (
        page.products[0].variants.all()[0].stock.on_hand == 10 or page.products[0].variants.all()[0].stock.on_hand < 4
    )


def test_a_list_of_products_costs_the_same_for_one_and_for_twenty(shop: Shop) -> None:
    add_product(shop)
    with statements() as one:
        list_products(shop=shop)
    create_products(shop=shop, products=[product_input(sku=f"P{n}") for n in range(20)], now=NOW)
    with statements() as many:
        found = list_products(shop=shop).products
        touched = [(v.stock.on_hand, len(p.images.all())) for p in found for v in p.variants.all()]
    assert len(touched) == 21
    assert len(many) == len(one)


def test_a_variant_is_named_once(shop: Shop) -> None:
    product = add_product(shop, sku="TOTE")
    [variant_id] = variant_ids(shop, product.id)
    twice = [
        VariantInput(id=variant_id, sku="A", price_minor=100, options={"Size": "S"}),
        VariantInput(id=variant_id, sku="B", price_minor=200, options={"Size": "L"}),
    ]
    with pytest.raises(InvalidInputError):
        update_product(shop=shop, product_id=product.id, data=product_input(variants=twice), now=NOW)
    assert [each.sku for each in get_product(shop=shop, product_id=product.id).variants.all()] == ["TOTE"]
