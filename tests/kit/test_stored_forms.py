"""Values of earlier releases get today's form: texts are cleaned, options are pairs, and nothing visible is lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import schema_context

from accounts.models import Address, User
from catalogue.discovery.models import Category, Listing, ListingVariant
from catalogue.discovery.services.drift import find_drift
from catalogue.models import Product, Variant
from catalogue.services.inputs import ProductInput, VariantInput
from catalogue.services.products import create_product
from checkout.fulfilment.models import VendorOrder, VendorOrderLine
from checkout.models import Order, SubOrder
from kit.db.sql import fetch_all
from kit.models import OutboxMessage, StoredForm
from kit.stored import rewriting, table
from kit.wiring import tell
from tenants.models import Shop
from tenants.schemas import stored_forms
from tenants.schemas.stored_forms import bring_into_form
from tests.world.clock import NOW
from tests.world.factories.catalogue import make_categories
from tests.world.market import Stocked, buy, open_shop, order_request, stock
from tests.world.own_shop import api, member

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
UNSEEN = "\u200b\u202e"


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo-fabrics")


def write(statement: str, *params: Any, schema: str = "public") -> None:
    """Store what an earlier release stored."""
    with schema_context(schema), connection.cursor() as cursor:
        cursor.execute(statement, params)


def read(statement: str, *params: Any, schema: str = "public") -> list[tuple[Any, ...]]:
    with schema_context(schema):
        return fetch_all(statement, params)


def tote(shop: Shop, *options: dict[str, str], sku: str = "TOTE") -> list[Variant]:
    """A product with a variant for each of some options."""
    variants = [
        VariantInput(sku=f"{sku}-{number}", price_minor=5_000, options=each, on_hand=9)
        for number, each in enumerate(options)
    ]
    product = create_product(shop=shop, data=ProductInput(title="Tote", status="active", variants=variants), now=NOW)
    with schema_context(shop.schema_name):
        return list(Variant.objects.filter(product=product).order_by("position"))


def objects(shop: Shop, variant_ids: Sequence[UUID]) -> None:
    """Store options as an earlier release did, in the shop, the market and the order."""
    as_object = (
        "(SELECT COALESCE(jsonb_object_agg(p->>0, p->>1), '{}') FROM jsonb_array_elements(t.options) AS p)"
        " WHERE jsonb_typeof(options) = 'array' AND "
    )
    ids = list(variant_ids)
    write(f"UPDATE catalogue_variant t SET options = {as_object} id = ANY(%s)", ids, schema=shop.schema_name)
    write(f"UPDATE discovery_listingvariant t SET options = {as_object} id = ANY(%s)", ids)
    write(
        f"UPDATE fulfilment_vendororderline t SET options = {as_object} variant_id = ANY(%s)",
        ids,
        schema=shop.schema_name,
    )
    for part in SubOrder.objects.all():
        lines = [line | {"options": dict(line["options"])} for line in part.lines]
        write("UPDATE checkout_suborder SET lines = %s WHERE id = %s", json.dumps(lines), part.pk)


def kinds_of_options(shop: Shop) -> set[str]:
    statements = (
        ("SELECT jsonb_typeof(options) FROM catalogue_variant", shop.schema_name),
        ("SELECT jsonb_typeof(options) FROM fulfilment_vendororderline", shop.schema_name),
        ("SELECT jsonb_typeof(options) FROM public.discovery_listingvariant", "public"),
        (
            "SELECT jsonb_typeof(line->'options') FROM public.checkout_suborder, jsonb_array_elements(lines) AS line",
            "public",
        ),
    )
    return {kind for statement, schema in statements for (kind,) in read(statement, schema=schema)}


def test_stored_options_become_pairs_in_the_order_of_their_product(shop: Shop) -> None:
    first, second = tote(shop, {"Size": "M", "Colour": "Red", "Ab": "1"}, {"Size": "L", "Colour": "Red", "Ab": "1"})
    buy(Stocked(shop, second.product_id, second.pk, 5_000).line())
    objects(shop, [second.pk])
    assert kinds_of_options(shop) == {"array", "object"}
    assert bring_into_form(now=LATER).left == {}
    assert kinds_of_options(shop) == {"array"}
    names = ["Size", "Colour", "Ab"]  # jsonb would have Ab, Size, Colour
    with schema_context(shop.schema_name):
        assert [list(each.options) for each in Variant.objects.all()] == [names, names]
        assert list(VendorOrderLine.objects.get().options) == names
    assert [list(each.options) for each in ListingVariant.objects.all()] == [names, names]
    assert SubOrder.objects.get().lines[0]["options"] == [["Size", "L"], ["Colour", "Red"], ["Ab", "1"]]
    assert find_drift(shop_id=shop.pk) == []
    assert first.product_id == second.product_id


def test_options_without_a_known_order_stay_as_they_are_stored(shop: Shop) -> None:
    [variant] = tote(shop, {"Colour": "Red", "items": "Two", "Size": "M"})
    objects(shop, [variant.pk])
    bring_into_form(now=LATER)
    assert read("SELECT options::text FROM catalogue_variant", schema=shop.schema_name) == [
        ('[["Size", "M"], ["items", "Two"], ["Colour", "Red"]]',)
    ]


def test_stored_texts_are_cleaned_wherever_somebody_typed_them(shop: Shop, client: Any) -> None:
    make_categories()
    goods = stock(shop)
    user = User.objects.create_user("ada@example.com", name="Ada Obi")
    address = Address.objects.create(
        user=user, name="Ada", line1="12 Thomas St", city="Surulere", state="Lagos", country="NG", phone="0803 123 4567"
    )
    write("UPDATE accounts_user SET name = %s", f"Ada{UNSEEN}\nObi")
    write("UPDATE accounts_address SET line1 = %s", f"{UNSEEN}12  Thomas St")
    write("UPDATE tenants_shop SET name = %s, description = %s", f"Indigo{UNSEEN} Fabrics", f"One\r\nTwo{UNSEEN}")
    write("UPDATE discovery_category SET name = name || %s", UNSEEN)
    write("UPDATE catalogue_product SET title = %s, brand = %s", f"To{UNSEEN}te", "Oja\u2028", schema=shop.schema_name)
    run = bring_into_form(now=LATER)
    assert (run.left, run.faults) == ({}, 0)
    user.refresh_from_db()
    address.refresh_from_db()
    shop.refresh_from_db()
    assert (user.name, address.line1, shop.name, shop.description) == (
        "Ada Obi",
        "12 Thomas St",
        "Indigo Fabrics",
        "One\nTwo",
    )
    assert not any(UNSEEN in name for name in Category.objects.values_list("name", flat=True))
    with schema_context(shop.schema_name):
        product = Product.objects.get(pk=goods.product_id)
    assert (product.title, product.brand) == ("Tote", "Oja")
    assert Listing.objects.get().title == "Tote"
    topics = set(OutboxMessage.objects.values_list("topic", flat=True))
    assert {"shop.changed", "category.changed"} <= topics, "Listings hold the names of shops and categories."


def test_records_stay_as_they_were_written(shop: Shop) -> None:
    goods = stock(shop)
    order = buy(goods.line())
    dirty = f"To{UNSEEN}te"
    write("UPDATE fulfilment_vendororderline SET title = %s", dirty, schema=shop.schema_name)
    write("UPDATE checkout_suborder SET lines = jsonb_set(lines, '{0,title}', to_jsonb(%s::text))", dirty)
    write(
        "UPDATE checkout_order SET shipping_address = shipping_address || jsonb_build_object('name', %s::text)", dirty
    )
    bring_into_form(now=LATER)
    assert SubOrder.objects.get().lines[0]["title"] == dirty
    assert Order.objects.get(pk=order.pk).shipping_address["name"] == dirty
    with schema_context(shop.schema_name):
        assert VendorOrderLine.objects.get().title == dirty


def test_a_guest_with_capitals_is_found_by_the_shop(shop: Shop) -> None:
    goods = stock(shop)
    buy(goods.line(), request=order_request(email="ada@example.com"))
    write(
        "UPDATE fulfilment_vendororder SET buyer_email = 'Ada@Example.COM', buyer_name = %s",
        f"Ada{UNSEEN} Obi",
        schema=shop.schema_name,
    )
    bring_into_form(now=LATER)
    with schema_context(shop.schema_name):
        assert VendorOrder.objects.filter(buyer_email="ADA@example.com", buyer_name="Ada Obi").count() == 1
    found = api(shop, member(shop)).get("/api/v1/vendor-orders/?search=Ada@Example.com")
    assert len(found.json()["data"]["results"]) == 1


def test_skus_that_would_be_the_same_get_a_number_and_a_line(shop: Shop) -> None:
    goods = [stock(shop, sku=sku) for sku in ("A", "B", "C")]
    for item, sku in zip(goods, ("A", "A\u200b", "A\u200c"), strict=True):
        write("UPDATE catalogue_variant SET sku = %s WHERE id = %s", sku, item.variant_id, schema=shop.schema_name)
    lines: list[str] = []
    run = bring_into_form(now=LATER, say=lines.append)
    with schema_context(shop.schema_name):
        assert sorted(Variant.objects.values_list("sku", flat=True)) == ["A", "A-2", "A-3"]
    assert run.faults == 2
    assert any(r"'A\u200b' is 'A-2' now" in line for line in lines)
    assert find_drift(shop_id=shop.pk) == []


def test_what_has_no_clean_form_is_kept_or_named_and_reported(shop: Shop) -> None:
    goods = stock(shop)
    user = User.objects.create_user("ada@example.com", name="Ada")
    Address.objects.create(
        user=user, name="Ada", line1="12 Thomas St", city="Surulere", state="Lagos", country="NG", phone="0803 123 4567"
    )
    write("UPDATE accounts_address SET phone = %s, line1 = '***'", f"ab{UNSEEN}c")
    write("UPDATE accounts_user SET name = %s", UNSEEN)
    write("UPDATE catalogue_product SET title = %s", UNSEEN, schema=shop.schema_name)
    write(
        "UPDATE catalogue_variant SET options = %s",
        json.dumps({"Size": "M", "Size\u200b": "L"}),
        schema=shop.schema_name,
    )
    lines: list[str] = []
    bring_into_form(now=LATER, say=lines.append)
    assert Address.objects.values_list("phone", "line1").get() == ("abc", "***")
    assert User.objects.get(pk=user.pk).name == ""
    with schema_context(shop.schema_name):
        product = Product.objects.get(pk=goods.product_id)
        assert product.title == f"Unnamed {str(product.pk)[-6:]}"
        assert Variant.objects.get().options == {"Size": "M", "Size\u200b": "L"}
    places = [line.removeprefix("indigo-fabrics: ").split(" ")[0] for line in lines]
    assert sorted(places) == [
        "accounts.Address.line1",
        "accounts.Address.phone",
        "catalogue.Product.title",
        "catalogue.Variant.options",
    ]
    assert find_drift(shop_id=shop.pk) == []


def test_two_accounts_with_one_address_stay_two(shop: Shop) -> None:
    for email in ("ada@example.com", "eze@example.com"):
        User.objects.create_user(email, name="Ada")
    write("UPDATE accounts_user SET email = %s WHERE email = 'eze@example.com'", "ada\u200b@example.com")
    lines: list[str] = []
    bring_into_form(now=LATER, say=lines.append)
    assert sorted(read("SELECT email FROM accounts_user")) == [("ada@example.com",), ("ada\u200b@example.com",)]
    assert len(lines) == 1
    assert "Another row has 'ada@example.com'" in lines[0]


def test_nothing_to_do_costs_two_statements(shop: Shop) -> None:
    stock(shop)
    bring_into_form(now=LATER)
    with CaptureQueriesContext(connection) as told:
        assert bring_into_form(now=LATER).rows == 0
    asked = [query["sql"] for query in told if not query["sql"].startswith("SET search_path")]
    assert len(asked) == 2, asked


def test_rows_in_form_are_read_and_not_written(shop: Shop) -> None:
    stock(shop)
    bring_into_form(now=LATER)
    before = read("SELECT xmin::text, ctid::text FROM catalogue_product", schema=shop.schema_name)
    assert bring_into_form(now=LATER, again=True).rows == 0
    assert read("SELECT xmin::text, ctid::text FROM catalogue_product", schema=shop.schema_name) == before


def test_statements_grow_with_batches_and_not_with_rows(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def statements(count: int, name: str) -> int:
        each = open_shop(name)
        goods = [stock(each, sku=f"S{number}") for number in range(count)]
        objects(each, [item.variant_id for item in goods])
        with CaptureQueriesContext(connection) as told:
            bring_into_form(now=LATER)
        return len(told)

    bring_into_form(now=LATER)
    assert statements(2, "some") == statements(12, "many")


def test_a_killed_run_goes_on_where_it_was(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "AT_ONCE", 2)
    monkeypatch.setattr(rewriting, "AT_ONCE", 2)
    for number in range(5):
        stock(shop, sku=f"S{number}")
    write("UPDATE catalogue_product SET title = title || %s", UNSEEN, schema=shop.schema_name)
    calls: list[Any] = []

    def killed(moment: Any) -> Any:
        calls.append(moment)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return tell(moment)

    monkeypatch.setattr(stored_forms, "tell", killed)
    with pytest.raises(KeyboardInterrupt):
        bring_into_form(now=LATER)
    dirty = "SELECT count(*) FROM catalogue_product WHERE title LIKE %s"
    assert read(dirty, f"%{UNSEEN}", schema=shop.schema_name) == [(3,)]
    assert find_drift(shop_id=shop.pk) != []  # of those that are still to be done
    assert not StoredForm.objects.filter(schema_name=shop.schema_name).exists()
    monkeypatch.setattr(stored_forms, "tell", tell)
    bring_into_form(now=LATER)
    assert read(dirty, f"%{UNSEEN}", schema=shop.schema_name) == [(0,)]
    assert find_drift(shop_id=shop.pk) == []
