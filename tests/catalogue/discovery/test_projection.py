"""The projection: what is written step by step is what a rebuild would write."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django_tenants.utils import schema_context
from psycopg import sql

from catalogue.discovery.errors import CategoryCycleError
from catalogue.discovery.models import Category, Listing, ListingVariant, SearchWord
from catalogue.discovery.selectors.categories import category_tree, descendant_ids, read_tree
from catalogue.discovery.services import drift
from catalogue.discovery.services.categories import (
    CategoryInput,
    change_category,
    ensure_categories,
    remove_category,
)
from catalogue.discovery.services.drift import find_drift
from catalogue.discovery.services.popularity import record_sales
from catalogue.discovery.services.projection import (
    project_products,
    rebuild_shop,
    refresh_stock,
    remove_listing,
)
from catalogue.discovery.services.projection_source import read_source
from catalogue.discovery.services.projection_sql import COLUMNS, STARTS_AT_ZERO
from catalogue.discovery.services.visibility import set_shop_visibility
from catalogue.events import StockChanged
from catalogue.models import StockLevel
from catalogue.selectors.products import get_product
from catalogue.services.images import attach_image_file, remove_product_image, reorder_product_images
from catalogue.services.inputs import VariantInput, input_of
from catalogue.services.products import (
    archive_product,
    create_product,
    delete_product,
    publish_product,
    update_product,
)
from catalogue.services.stock import set_on_hand
from kit.db.sql import fetch_all
from kit.errors import InvalidInputError
from kit.work import outbox
from tenants.events import ShopChanged
from tenants.models import Shop, ShopStatus
from tests.world.clock import NOW
from tests.world.factories.catalogue import (
    TITLES,
    add_product,
    make_categories,
    product_input,
    statements,
    variant,
    variant_ids,
)
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
Commits = Callable[..., AbstractContextManager[Any]]


@pytest.mark.parametrize("model", [Listing, ListingVariant])
def test_a_rebuild_writes_every_column(model: type[Listing | ListingVariant]) -> None:
    table = model._meta.db_table
    written = {*COLUMNS[table], *STARTS_AT_ZERO[table]}
    assert {field.column for field in model._meta.concrete_fields} == written, (
        "Name it in COLUMNS of catalogue/discovery/services/projection_sql.py, and carry it in the statements there."
    )


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo")


def everything() -> list[list[tuple[Any, ...]]]:
    return [list(model.objects.order_by("id").values_list()) for model in (Listing, ListingVariant)]


class Vendor:
    """Random edits of a shop's goods, in any order."""

    def __init__(self, shop: Shop, categories: list[int], seed: int) -> None:
        self.shop = shop
        self.chance = random.Random(seed)
        self.categories = [*categories, None]
        self.products: list[UUID] = []
        self.now = NOW

    def act(self) -> None:
        self.now += timedelta(minutes=1)
        actions = [self.add, self.change, self.hide, self.show, self.count, self.promise, self.illustrate, self.delete]
        if not self.products:
            self.add()
            return
        self.chance.choice(actions)()

    def one(self) -> UUID:
        return self.chance.choice(self.products)

    def variants(self) -> list[VariantInput]:
        sizes = self.chance.sample(["S", "M", "L", "XL"], self.chance.randint(1, 3))
        made = []
        for size in sizes:
            price = self.chance.randint(1, 9) * 1000
            was = self.chance.choice([None, price + 500])
            made.append(
                variant(
                    uuid4().hex,
                    price,
                    options={"Size": size},
                    compare_at_minor=was,
                    on_hand=self.chance.choice([0, 0, 3]),
                )
            )
        return made

    def add(self) -> None:
        data = product_input(
            self.chance.choice(TITLES),
            category_id=self.chance.choice(self.categories),
            brand=self.chance.choice(["", "Iseyin Looms"]),
            description=self.chance.choice(["", "s:1 i:1 c:1", "Made with care, by hand."]),
            status=self.chance.choice(["draft", "active"]),
            variants=self.variants(),
        )
        self.products.append(create_product(shop=self.shop, data=data, now=self.now).id)

    def change(self) -> None:
        product = get_product(shop=self.shop, product_id=self.one())
        data = input_of(product)
        kept = list(data.variants)[: self.chance.randint(0, 1)]
        new = [v for v in self.variants() if all(v.options != old.options for old in kept)]
        changed = product_input(
            self.chance.choice(TITLES),
            category_id=self.chance.choice(self.categories),
            variants=[*kept, *new] or data.variants,
        )
        update_product(shop=self.shop, product_id=product.id, data=changed, now=self.now)

    def hide(self) -> None:
        archive_product(shop=self.shop, product_id=self.one(), now=self.now)

    def show(self) -> None:
        publish_product(shop=self.shop, product_id=self.one(), now=self.now)

    def count(self) -> None:
        variant_id = self.chance.choice(variant_ids(self.shop, self.one()))
        set_on_hand(
            shop=self.shop, variant_id=variant_id, on_hand=self.chance.choice([0, 1, 9]), source="", now=self.now
        )

    def promise(self) -> None:
        variant_id = self.chance.choice(variant_ids(self.shop, self.one()))
        with schema_context(self.shop.schema_name):
            level = StockLevel.objects.get(pk=variant_id)
            level.reserved = self.chance.choice([0, level.on_hand])
            level.on_hand = max(level.on_hand, level.reserved)
            level.save()
        refresh_stock(shop_id=self.shop.pk, variant_ids=[variant_id])
        if level.reserved:
            with schema_context(self.shop.schema_name):
                StockLevel.objects.filter(pk=variant_id).update(reserved=0)
            refresh_stock(shop_id=self.shop.pk, variant_ids=[variant_id])

    def illustrate(self) -> None:
        product_id = self.one()
        images = list(get_product(shop=self.shop, product_id=product_id).images.all())
        if len(images) < 3:
            attach_image_file(
                shop=self.shop, product_id=product_id, file=f"{uuid4().hex}-800.webp", alt="x", now=self.now
            )
        elif self.chance.random() < 0.5:
            remove_product_image(shop=self.shop, product_id=product_id, image_id=images[0].pk, now=self.now)
        else:
            ids = [image.pk for image in reversed(images)]
            reorder_product_images(shop=self.shop, product_id=product_id, image_ids=ids, now=self.now)

    def delete(self) -> None:
        product_id = self.one()
        self.products.remove(product_id)
        delete_product(shop=self.shop, product_id=product_id, now=self.now)


@pytest.mark.parametrize("seed", range(4))
def test_step_by_step_and_rebuilt_are_the_same(seed: int) -> None:
    categories = list(make_categories().values())
    vendors = [Vendor(open_shop(slug), categories, seed * 10 + n) for n, slug in enumerate(["indigo", "copper"])]
    for _ in range(45):
        for vendor in vendors:
            vendor.act()
    step_by_step = everything()
    assert len(step_by_step[0]) > 5
    for vendor in vendors:
        assert find_drift(shop_id=vendor.shop.pk) == []
        rebuild_shop(shop_id=vendor.shop.pk)
    assert everything() == step_by_step

    Listing.objects.all().delete()
    for vendor in vendors:
        rebuild_shop(shop_id=vendor.shop.pk)
    assert everything() == step_by_step


def test_a_rebuild_that_finds_nothing_to_do_writes_nothing(shop: Shop) -> None:
    add_product(shop)
    with connection.cursor() as cursor:
        cursor.execute("SELECT xmin FROM discovery_listing")
        before = cursor.fetchall()
        rebuild_shop(shop_id=shop.pk)
        cursor.execute("SELECT xmin FROM discovery_listing")
        assert cursor.fetchall() == before


def test_drift_is_found_named_and_put_right(shop: Shop) -> None:
    wrong, gone, fine = (add_product(shop, title) for title in TITLES[:3])
    stray = uuid4()
    good = everything()
    Listing.objects.filter(id=wrong.id).update(title="Something else", is_in_stock=False)
    Listing.objects.filter(id=gone.id).delete()
    Listing.objects.create(
        id=stray, shop=shop, title="Stray", slug="stray", currency="NGN", price_minor=1, price_max_minor=1,
        created_at=NOW, updated_at=NOW,
    )  # fmt: skip
    out = StringIO()
    with pytest.raises(CommandError, match="4 rows differ") as failure:
        call_command("listings", "verify", "--shop", "indigo", stdout=out)
    assert failure.value.returncode == 1
    assert f"{wrong.id}: title, is_in_stock" in out.getvalue()
    assert f"{gone.id}: missing" in out.getvalue()
    assert f"{stray}: surplus" in out.getvalue()
    assert str(fine.id) not in out.getvalue()

    call_command("listings", "rebuild", stdout=out)
    call_command("listings", "verify", stdout=out)
    assert everything() == good


def test_verifying_waits_for_no_disk(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its transactions lock the shop's row, and write nothing that a crash might lose."""
    add_product(shop)
    seen: list[str] = []

    def read(**given: Any) -> Any:
        seen.append(fetch_all(sql.SQL("SHOW synchronous_commit"))[0][0])
        return read_source(**given)

    monkeypatch.setattr(drift, "read_source", read)
    find_drift(shop_id=shop.pk)
    assert seen == ["off"]


def test_the_projection_costs_the_same_for_one_and_for_many(shop: Shop) -> None:
    ids = [add_product(shop, title).id for title in TITLES]
    with statements() as one:
        project_products(shop_id=shop.pk, product_ids=ids[:1])
    with statements() as many:
        project_products(shop_id=shop.pk, product_ids=ids)
    assert len(one) == len(many) <= 8
    with statements() as stock:
        refresh_stock(shop_id=shop.pk, variant_ids=[v for i in ids for v in variant_ids(shop, i)])
    assert len(stock) <= 5 + 3 * len(ids)


def test_popularity_and_ratings_outlive_a_change(shop: Shop) -> None:
    product = add_product(shop)
    Listing.objects.update(rating_sum=9, rating_count=2)
    record_sales(shop_id=shop.pk, units={product.id: 3, uuid4(): 5})
    record_sales(shop_id=shop.pk, units={product.id: -1})
    update_product(shop=shop, product_id=product.id, data=product_input("Renamed", sku="X"), now=NOW)
    rebuild_shop(shop_id=shop.pk)
    listing = Listing.objects.get()
    assert (listing.title, listing.popularity, listing.rating_sum, listing.rating_count) == ("Renamed", 2, 9, 2)
    record_sales(shop_id=open_shop("copper").pk, units={product.id: 100})
    listing.refresh_from_db()
    assert listing.popularity == 2


def test_stock_that_orders_move_arrives_by_the_outbox(shop: Shop, django_capture_on_commit_callbacks: Commits) -> None:
    product = add_product(shop)
    (variant_id,) = variant_ids(shop, product.id)
    with schema_context(shop.schema_name):
        StockLevel.objects.update(reserved=10)
    assert Listing.objects.get().is_in_stock
    with django_capture_on_commit_callbacks(execute=True):
        outbox.emit(StockChanged(shop.pk, (variant_id,)), now=NOW)
    assert not Listing.objects.get().is_in_stock
    assert find_drift(shop_id=shop.pk) == []


def test_a_shop_that_does_not_sell_is_not_seen(shop: Shop, django_capture_on_commit_callbacks: Commits) -> None:
    add_product(shop, "Tote")
    add_product(shop, "Draft tote", status="draft")
    set_shop_visibility(shop_id=shop.pk, is_visible=False)
    assert not Listing.objects.filter(is_visible=True).exists()
    set_shop_visibility(shop_id=shop.pk, is_visible=True)
    assert [listing.title for listing in Listing.objects.filter(is_visible=True)] == ["Tote"]

    Shop.objects.filter(pk=shop.pk).update(status=ShopStatus.SUSPENDED, name="Renamed")
    with django_capture_on_commit_callbacks(execute=True):
        outbox.emit(ShopChanged(shop.pk), now=NOW)
    assert not Listing.objects.filter(is_visible=True).exists()
    assert "'renam'" in str(Listing.objects.first().search)  # type: ignore[union-attr]
    add_product(shop, "Made while suspended")
    assert not Listing.objects.filter(is_visible=True).exists()
    assert find_drift(shop_id=shop.pk) == []


def test_a_listing_is_removed_only_by_its_own_shop(shop: Shop) -> None:
    product = add_product(shop)
    other = open_shop("copper")
    remove_listing(shop_id=other.pk, product_id=product.id)
    project_products(shop_id=other.pk, product_ids=[product.id])
    refresh_stock(shop_id=other.pk, variant_ids=variant_ids(shop, product.id))
    assert Listing.objects.filter(id=product.id, shop=shop).exists()
    remove_listing(shop_id=shop.pk, product_id=product.id)
    assert not Listing.objects.exists()


def test_categories_reach_listings_and_cannot_go_round(shop: Shop) -> None:
    ids = make_categories()
    assert make_categories() == ids
    assert [node.slug for node in read_tree().path_to(ids["leather-bags"])] == ["fashion", "bags", "leather-bags"]
    assert descendant_ids(ids["fashion"]) == sorted([ids["fashion"], ids["bags"], ids["leather-bags"]])
    add_product(shop, category_id=ids["leather-bags"])
    assert f"'c:{ids['fashion']}'" in str(Listing.objects.get().search)

    change_category(category_id=ids["bags"], name="Carriers", parent_id=ids["home"], position=0, now=NOW)
    outbox.relay(now=NOW)
    listing = Listing.objects.get()
    assert f"'c:{ids['fashion']}'" not in str(listing.search)
    assert "'carrier'" in str(listing.search)
    assert find_drift(shop_id=shop.pk) == []

    with pytest.raises(CategoryCycleError):
        change_category(category_id=ids["home"], name="Home", parent_id=ids["leather-bags"], position=0, now=NOW)
    assert Category.objects.get(slug="home").parent_id is None
    remove_category(category_id=ids["leather-bags"], into_id=None, now=NOW)
    outbox.relay(now=NOW)
    assert category_tree().path_to(Listing.objects.get().category_id) == []
    assert f"'c:{ids['home']}'" not in str(Listing.objects.get().search)
    assert find_drift(shop_id=shop.pk) == []
    with pytest.raises(InvalidInputError):
        ensure_categories(categories=[CategoryInput("Shoes", parent="nowhere")])
    assert not Category.objects.filter(slug="shoes").exists()


def test_the_database_refuses_impossible_listings(shop: Shop) -> None:
    add_product(shop)
    category = Category.objects.create(name="Fashion", slug="fashion")
    row, variants = Listing.objects.all(), ListingVariant.objects.all()
    attempts: dict[str, Callable[[], Any]] = {
        "listing_price_positive": lambda: row.update(price_minor=0),
        "listing_price_range": lambda: row.update(price_max_minor=1),
        "listing_was_price_above": lambda: row.update(compare_at_minor=1),
        "listing_visible_is_published": lambda: row.update(is_published=False),
        "listing_rating_one_to_five": lambda: row.update(rating_count=1, rating_sum=6),
        "listing_popularity_not_negative": lambda: row.update(popularity=-1),
        "listing_variant_price_positive": lambda: variants.update(price_minor=0),
        "listing_variant_was_price_above": lambda: variants.update(compare_at_minor=1),
        "category_not_own_parent": lambda: Category.objects.update(parent=category),
        "category_named": lambda: Category.objects.update(name=""),
        "search_word_occurs": lambda: SearchWord.objects.create(word="x", frequency=0),
    }
    for name, attempt in attempts.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            attempt()
