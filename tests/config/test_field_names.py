"""One name for one thing in the fields that the API gives and takes."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest

from tests.world.described import URLCONFS, description_of

# What was named in two ways, and the name that is left; an object with these fields is a thing of its own.
INSTEAD = {
    "variant": "variant_id",
    "product": "product_id",
    "parent": "parent_id",
    "into": "into_id",
    "sub_order": "order_number",
    "old_price": "old_price_minor",
    "since": "status_at or joined_at",
    "date_joined": "joined_at",
    "stage": "status",
    "account_state": "account_status",
    "dashboard": "dashboard_url",
    "image": "image_url",
    "logo": "logo_url",
    "banner": "banner_url",
    "actor": "actor_email or actor_name",
    "applicant": "applicant_email",
}
# Files that are sent in a form are named by what they are; an application's wish is no shop yet, and a closure is
# confirmed by typing the name.
UPLOADS = {"image", "logo", "banner"}
NO_SHOP_YET = {"ApplicationOutput", "StartedOutput", "JudgedApplicationOutput", "RequestedShopInputRequest"}
TYPED = {"ClosureInputRequest"}
# One of an order's parts, which clients have named so since it was published.
PARTS = {
    *("CancelOrderInputRequest", "OperatorCancelInputRequest", "OperatorRefundInputRequest"),
    *("ChangeAddressInputRequest", "OperatorChangeAddressInputRequest", "ReceivedInputRequest"),
    *("SendMessageInputRequest", "MarketMessageInputRequest", "ReadMessagesInputRequest"),
}


class Field(NamedTuple):
    """A field of a schema of a description."""

    owner: str
    name: str
    schema: dict[str, Any]

    @property
    def types(self) -> set[str]:
        found = self.schema.get("type", [])
        return {found} if isinstance(found, str) else set(found)


@cache
def fields() -> tuple[Field, ...]:
    """Return the fields of both hosts' schemas; not when tests are collected, which each worker does."""
    return tuple(_fields())


def _fields() -> Iterator[Field]:
    for urlconf in URLCONFS:
        for owner, schema in description_of(urlconf)["components"]["schemas"].items():
            for name, each in schema.get("properties", {}).items():
                yield Field(owner, name, each)


def test_a_thing_has_one_name() -> None:
    wrong = [
        f"{each.owner}.{each.name} is {INSTEAD[each.name]}"
        for each in fields()
        if each.name in INSTEAD
        and not (each.name in UPLOADS and each.schema.get("format") == "binary")
        and not (each.name == "sub_order" and each.owner in PARTS)
    ]
    assert wrong == []


def test_moments_end_in_at_and_days_in_on() -> None:
    endings = {"date-time": "_at", "date": "_on"}
    wrong = {
        f"{each.owner}.{each.name}"
        for each in fields()
        if (kind := each.schema.get("format")) in endings and not each.name.endswith(endings[kind])
    }
    assert wrong == set()
    named = {"_at", "_on"}
    assert {
        f"{each.owner}.{each.name}" for each in fields() if each.name[-3:] in named and not each.schema.get("format")
    } == set()


def test_ids_of_other_things_end_in_id() -> None:
    uuids = [each for each in fields() if each.schema.get("format") == "uuid"]
    named = {each.name for each in uuids if each.name != "id" and not each.name.endswith("_id")}
    assert named == {"line"}  # of an adjustment: the line of the order that it belongs to, whatever its kind
    assert len(uuids) > 10


def test_amounts_end_in_minor_and_are_whole() -> None:
    minor = [each for each in fields() if each.name.endswith("_minor")]
    assert {f"{each.owner}.{each.name}" for each in minor if "integer" not in each.types} == set()
    priced = {each.name for each in fields() if "price" in each.name.split("_") and "integer" in each.types}
    assert priced == {
        *("price_minor", "price_max_minor", "unit_price_minor", "old_price_minor", "old_unit_price_minor"),
        "if_price_minor",  # the price that a change was made from
    }


def test_a_line_has_a_unit_price_and_what_is_on_sale_a_price() -> None:
    by_owner: dict[str, set[str]] = {}
    for each in fields():
        by_owner.setdefault(each.owner, set()).add(each.name)
    lines = {owner for owner, names in by_owner.items() if {"quantity", "total_minor"} <= names}
    assert len(lines) >= 3
    assert {owner for owner, names in by_owner.items() if "unit_price_minor" in names} == lines


def test_a_shop_is_an_object_with_slug_and_name() -> None:
    shops = [each for each in fields() if each.name == "shop"]
    assert {f"{each.owner}.{each.name}" for each in shops if each.types & {"string", "integer"}} == set()
    assert {each.owner for each in fields() if each.name == "shop_name"} <= NO_SHOP_YET | TYPED
    assert len({each.owner for each in shops}) > 6


@pytest.mark.parametrize("name", ["status", "currency", "slug", "kind", "title", "number"])
def test_a_name_has_one_type(name: str) -> None:
    kinds = {frozenset(each.types - {"null"}) or frozenset({"string"}) for each in fields() if each.name == name}
    assert kinds == {frozenset({"string"})}
