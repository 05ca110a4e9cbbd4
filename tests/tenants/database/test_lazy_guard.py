"""What is lazy and leaves its schema raises in tests; what is at home, or read already, does not."""

from __future__ import annotations

import pytest
from django.db.models import QuerySet
from django_tenants.utils import schema_context

from catalogue.models import Product, Variant
from tenants.models import Shop
from tests.world.lazy_guard import LeftItsSchemaError
from tests.world.market import open_shop, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def indigo() -> Shop:
    return filled("indigo")


@pytest.fixture
def copper() -> Shop:
    return filled("copper")


def filled(slug: str) -> Shop:
    shop = open_shop(slug)
    stock(shop)
    return shop


def left(shop: Shop) -> QuerySet[Product]:
    """A queryset that leaves its block."""
    with schema_context(shop.schema_name):
        return Product.objects.order_by("pk")


def test_a_queryset_is_not_read_elsewhere(indigo: Shop, copper: Shop) -> None:
    for use in (list, len, bool, lambda q: q.count(), lambda q: q.exists(), lambda q: q.first(), lambda q: q.get()):
        products = left(indigo)
        with pytest.raises(LeftItsSchemaError, match="shop_indigo"):
            use(products)
        with schema_context(copper.schema_name), pytest.raises(LeftItsSchemaError):
            use(products)


def test_nor_changed(indigo: Shop, copper: Shop) -> None:
    products = left(indigo)
    with schema_context(copper.schema_name):
        for change in (lambda: products.update(title="x"), lambda: products.all().order_by().delete()):
            with pytest.raises(LeftItsSchemaError):
                change()
        assert not Product.objects.filter(title="x").exists()


def test_what_is_made_of_it_is_no_better(indigo: Shop, copper: Shop) -> None:
    products = left(indigo)
    with schema_context(copper.schema_name):
        for made in (products.filter(pk__isnull=False), products.values("pk"), products[:1]):
            with pytest.raises(LeftItsSchemaError):
                list(made)
        with pytest.raises(LeftItsSchemaError):
            products.iterator()


def test_a_column_that_was_put_off_is_not_read_elsewhere(indigo: Shop, copper: Shop) -> None:
    with schema_context(indigo.schema_name):
        product = Product.objects.defer("description").get()
    with schema_context(copper.schema_name), pytest.raises(LeftItsSchemaError, match=r"Product\.description"):
        assert product.description
    with schema_context(indigo.schema_name):
        assert product.description == ""


def test_relations_are_not_followed_elsewhere(indigo: Shop, copper: Shop) -> None:
    with schema_context(indigo.schema_name):
        variant, product = Variant.objects.get(), Product.objects.get()
    with schema_context(copper.schema_name):
        with pytest.raises(LeftItsSchemaError, match=r"Variant\.product"):
            assert variant.product
        with pytest.raises(LeftItsSchemaError):
            list(product.variants.all())


def test_what_has_been_read_may_leave(indigo: Shop) -> None:
    with schema_context(indigo.schema_name):
        products = Product.objects.prefetch_related("variants").order_by("pk")
        list(products)
    assert [product.variants.all()[0].sku for product in products] == ["TOTE-1"]


def test_public_models_may_be_read_anywhere(indigo: Shop, copper: Shop) -> None:
    shops = Shop.objects.order_by("pk")
    with schema_context(indigo.schema_name):
        assert [shop.slug for shop in shops] == ["indigo", "copper"]
