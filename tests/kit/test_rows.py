"""Unsaved instances as INSERT statements: what is written, and that a text is the same for any number of rows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps
from django_tenants.utils import schema_context

from checkout.fulfilment.models import VendorOrder, VendorOrderLine
from checkout.models import Order, OrderStatus
from kit.db.pipeline import ask, ask_all
from kit.db.rows import insert_query, update_query
from kit.db.unsaved import unsaved
from kit.ids import uuid7
from kit.models import OutboxMessage
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
AMOUNTS = {"currency": "NGN", "items_minor": 300, "shipping_minor": 50, "total_minor": 350}


@pytest.fixture
def shop(db: None) -> Shop:
    return open_shop("cloth-hall")


def order(**values: Any) -> Order:
    given = {"number": "KS-1", "email": "ada@example.com", "access_key": "k", "placed_at": NOW, "expires_at": NOW}
    address = {"name": 'Ada "Ọbí" O\'Neill', "phone": None, "lines": [1, {"a": []}]}
    texts = {"language": "fr", "return_url": "https://front.example/thanks", "vat_number": "C0003278901"}
    return Order(**(AMOUNTS | given | texts | {"shipping_address": address, "billing_address": {}} | values))


def columns(instance: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}


def record(shop: Shop) -> VendorOrder:
    """A shop's own record of an order, written."""
    given = {"buyer_name": "Ada", "buyer_email": "a@example.com", "shipping_address": {}, "number": "KS-1-1"}
    written = VendorOrder(id=uuid7(), **AMOUNTS, **given, placed_at=NOW, status_at=NOW)
    ask(insert_query(written, schema_name=shop.schema_name))
    return written


def line(of: VendorOrder, **values: Any) -> VendorOrderLine:
    given = {"sku": "A", "title": "Ìró", "options": {"Colour": "Indigo"}, "quantity": 2, "unit_price_minor": 5}
    ids = {"variant_id": uuid7(), "product_id": uuid7()}
    return VendorOrderLine(vendor_order=of, total_minor=10, **ids, **(given | values))


def test_a_row_reads_back_as_it_was_given() -> None:
    given = order(status=OrderStatus.PENDING)

    ask(insert_query(given))

    assert columns(Order.objects.get(pk=given.pk)) == columns(given)
    given.status = OrderStatus.CANCELLED
    given.save()  # Django knows that it is there by now
    assert Order.objects.get().status == "cancelled"


def test_an_update_writes_the_fields_that_are_named_and_no_others() -> None:
    given, other = order(), order(number="KS-2")
    ask_all([insert_query(given), insert_query(other)])
    given.email, given.status, given.billing_address = "new@example.com", OrderStatus.CANCELLED, {"a": "'"}

    ask(update_query(given, "status", "billing_address"))

    found = Order.objects.get(pk=given.pk)
    assert (found.status, found.billing_address, found.email) == ("cancelled", {"a": "'"}, "ada@example.com")
    assert Order.objects.get(pk=other.pk).status == "pending"
    with pytest.raises(KeyError):
        update_query(given, "colour")


def test_every_field_is_written_but_what_the_database_makes() -> None:
    message = OutboxMessage(topic="t", payload={"a": None}, created_at=NOW)

    query = insert_query(message)
    ask(query)

    assert '"id"' not in query.text
    assert OutboxMessage.objects.get().payload == {"a": None}
    text = insert_query(order()).text
    assert [field.column for field in Order._meta.concrete_fields if str(field.column) not in text] == []


@isolate_apps("kit")
def test_a_database_default_is_left_to_the_database() -> None:
    class Defaulted(models.Model):  # noqa: DJ008
        name = models.TextField()
        made = models.IntegerField(db_default=7)

        class Meta:
            app_label = "kit"
            db_table = "kit_rows_defaulted"

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE public.kit_rows_defaulted (id serial PRIMARY KEY, name text, made int DEFAULT 7)")
    rows = Defaulted(name="a"), Defaulted(name="b", made=8), [Defaulted(name="c")]
    ask_all([insert_query(row) for row in rows])
    assert list(Defaulted._default_manager.order_by("id").values_list("name", "made")) == [("a", 7), ("b", 8), ("c", 7)]


def test_rows_go_to_the_schema_that_is_named_whatever_the_search_path(shop: Shop) -> None:
    other = open_shop("pot-house")
    with schema_context(other.schema_name):
        written = record(shop)
        assert not VendorOrder.objects.exists()
    with schema_context(shop.schema_name):
        assert VendorOrder.objects.get().pk == written.pk
    with pytest.raises(ValueError, match="not the schema of a shop"):
        insert_query(written, schema_name="pg_catalog")


@pytest.mark.parametrize("count", [1, 2, 30])
def test_any_number_of_rows_is_one_text_and_keeps_its_order(shop: Shop, count: int) -> None:
    of = record(shop)
    lines = [line(of, sku=f"S-{number}", options={"n": number} if number else {}) for number in range(count)]

    query = insert_query(lines, schema_name=shop.schema_name)
    ask(query)

    assert query.text == insert_query([line(of)], schema_name=shop.schema_name).text
    with schema_context(shop.schema_name):
        found = list(VendorOrderLine.objects.order_by("id"))
    assert [columns(row) | {"id": None} for row in found] == [columns(row) for row in lines]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [({"title": "x" * 161}, DataError), ({"sku": None}, IntegrityError), ({"quantity": 0}, IntegrityError)],
)
def test_what_the_columns_refuse_is_refused(shop: Shop, wrong: dict[str, Any], error: type[Exception]) -> None:
    of = record(shop)
    with pytest.raises(error), transaction.atomic():
        ask(insert_query([line(of), line(of, **wrong)], schema_name=shop.schema_name))
    with schema_context(shop.schema_name):
        assert not VendorOrderLine.objects.exists()


def test_a_value_that_json_cannot_hold_is_refused_before_anything_is_sent(shop: Shop) -> None:
    of = VendorOrder(id=uuid7())
    with pytest.raises(TypeError, match="set"):
        insert_query([line(of, options={"a", "b"})], schema_name=shop.schema_name)


@pytest.mark.parametrize("model", [Order, VendorOrder, VendorOrderLine, OutboxMessage])
def test_an_instance_made_quickly_is_the_one_that_its_class_makes(model: type[models.Model]) -> None:
    quick, usual = unsaved(model), model()

    made = {field.attname for field in model._meta.concrete_fields if callable(field.default)}
    for name in columns(usual).keys() - made:
        assert type(columns(quick)[name]) is type(columns(usual)[name])
        assert str(columns(quick)[name]) == str(columns(usual)[name])
    assert (quick._state.adding, quick._state.db) == (True, None)


def test_an_instance_made_quickly_shares_no_default_with_another() -> None:
    first, second = unsaved(VendorOrderLine, quantity=2), unsaved(VendorOrderLine)

    assert (first.quantity, first.options) == (2, {})
    assert first.options is not second.options
    assert unsaved(Order).pk != unsaved(Order).pk


def test_an_attribute_that_is_no_column_is_refused() -> None:
    with pytest.raises(TypeError, match="vendor_order"):
        unsaved(VendorOrderLine, vendor_order=None)
