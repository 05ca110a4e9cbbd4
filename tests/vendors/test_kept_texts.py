"""Changes over the API judge what they change: a stored text that no rule takes any more stays, and is in no way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from django_tenants.utils import schema_context
from rest_framework.test import APIClient

from accounts.services.addresses import AddressInput, add_address
from catalogue.discovery.models import Category
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilment.models import Shipment
from checkout.fulfilment.services import Parcel
from checkout.models import SubOrder
from tenants.models import Membership, Role
from tests.checkout.stations.world import station
from tests.isolation.table_platform import TABLE as ON_PLATFORM
from tests.isolation.table_shop import TABLE as ON_SHOP
from tests.world.applications import BUSINESS, started
from tests.world.books import make_operator
from tests.world.commission import rule_draft
from tests.world.coupons import coupon
from tests.world.factories.catalogue import make_categories
from tests.world.market import Stocked, open_shop, stock
from tests.world.offers import automatic_offer
from tests.world.own_shop import api, member, paid_order

pytestmark = pytest.mark.django_db
MARKS = "a" + "\u0301" * 60  # more marks on one letter than are kept
NO_NAME, NO_PHONE, NO_EMAIL, NO_COUNTRY = "***", "abc", "nobody", "zz"
TOO_LONG = "long " * 5_000
HOME = {
    "name": "Ada Obi",
    "line1": "1 Marina",
    "city": "Lagos",
    "state": "Lagos",
    "country": "NG",
    "phone": "0803 123 4567",
}


@dataclass(frozen=True)
class Case:
    """A row with texts that no rule takes, and changes of what is beside them.

    Args:
        texts: by column of the table.
        changes: bodies that leave these texts alone.
        wrong: a body with such a text, and the field that is refused.
    """

    client: APIClient
    address: str
    table: str
    key: int | UUID
    texts: dict[str, str]
    changes: tuple[dict[str, Any], ...]
    wrong: tuple[dict[str, Any], str] | None = None


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("indigo-fabrics"))


def product(cloth: Stocked) -> Case:
    return Case(
        api(cloth.shop, member(cloth.shop, Role.OWNER)),
        f"/api/v1/products/{cloth.product_id}/",
        "shop_indigo_fabrics.catalogue_product",
        cloth.product_id,
        {"title": NO_NAME, "brand": NO_NAME, "description": TOO_LONG},
        (
            {"status": "archived"},
            {"variants": [{"id": str(cloth.variant_id), "price_minor": 900}]},
            {"variants": [{"sku": "NEW", "price_minor": 700, "options": {"Colour": "Red"}}]},
        ),
        ({"brand": "****"}, "brand"),
    )


def variant(cloth: Stocked) -> Case:
    own = str(cloth.variant_id)
    return Case(
        api(cloth.shop, member(cloth.shop, Role.OWNER)),
        f"/api/v1/products/{cloth.product_id}/",
        "shop_indigo_fabrics.catalogue_variant",
        cloth.variant_id,
        {"sku": MARKS, "options": f'[["Colour", "{MARKS}"]]'},
        (
            {"title": "Renamed"},
            {"variants": [{"id": own, "price_minor": 900}]},
            {"variants": [{"id": own, "weight_g": 5, "on_hand": 4}]},
            {"variants": [{"sku": "NEW", "price_minor": 700, "options": {"Colour": "Red"}}]},
        ),
        ({"variants": [{"id": own, "sku": MARKS + "b"}]}, "variants"),
    )


def shop(cloth: Stocked) -> Case:
    return Case(
        api(cloth.shop, member(cloth.shop, Role.OWNER)),
        "/api/v1/shop/",
        "public.tenants_shop",
        cloth.shop.pk,
        {"name": NO_NAME, "contact_phone": NO_PHONE, "contact_email": NO_EMAIL, "country": NO_COUNTRY, "city": NO_NAME},
        ({"tagline": "Hand-dyed"}, {"returns_policy": "14 days"}),
        ({"name": "****"}, "name"),
    )


def count(cloth: Stocked) -> Case:
    where = product(cloth)
    address = f"/api/v1/stock/{cloth.variant_id}/"
    return Case(where.client, address, where.table, where.key, where.texts, ({"on_hand": 4}, {"delta": 1}))


def price(cloth: Stocked) -> Case:
    where = variant(cloth)
    address = f"/api/v1/prices/{cloth.variant_id}/"
    return Case(where.client, address, where.table, where.key, where.texts, ({"price_minor": 5_000},))


def staff(cloth: Stocked) -> Case:
    owner, other = member(cloth.shop, Role.OWNER), member(cloth.shop, Role.VIEWER)
    row = Membership.objects.get(user=other)
    texts = {"name": NO_NAME, "phone": NO_PHONE}
    changes = ({"role": "manager"},)
    return Case(api(cloth.shop, owner), f"/api/v1/members/{row.pk}/", "public.accounts_user", other.pk, texts, changes)


def person(cloth: Stocked) -> Case:
    user = member(cloth.shop, Role.VIEWER)
    address = "/api/v1/auth/user/"
    changes, wrong = ({"phone": "0803 123 4567"},), ({"name": "****"}, "name")
    return Case(api(None, user), address, "public.accounts_user", user.pk, {"name": NO_NAME}, changes, wrong)


def phone(cloth: Stocked) -> Case:
    user = member(cloth.shop, Role.VIEWER)
    address = "/api/v1/auth/user/"
    changes, wrong = ({"name": "Ada"},), ({"phone": "abcd"}, "phone")
    return Case(api(None, user), address, "public.accounts_user", user.pk, {"phone": NO_PHONE}, changes, wrong)


def home(cloth: Stocked) -> Case:
    user = member(cloth.shop, Role.VIEWER)
    row = add_address(user_id=user.pk, data=AddressInput(**HOME))
    add_address(user_id=user.pk, data=AddressInput(**HOME), is_default=True)
    return Case(
        api(None, user),
        f"/api/v1/auth/addresses/{row.pk}/",
        "public.accounts_address",
        row.pk,
        {"name": NO_NAME, "phone": NO_PHONE, "country": "ZZ", "line2": MARKS},
        ({"city": "Ibadan"}, {"is_default": True}),
        ({"phone": "abcd"}, "phone"),
    )


def category(_: Stocked) -> Case:
    make_categories()
    row = Category.objects.order_by("pk")[0]
    why = {"reason": "Asked for on the phone"}
    return Case(
        api(None, make_operator()),
        f"/api/v1/operator/categories/{row.pk}/",
        "public.discovery_category",
        row.pk,
        {"name": NO_NAME},
        ({"position": 7, **why},),
        ({"name": "****", **why}, "name"),
    )


def commission(cloth: Stocked) -> Case:
    texts = {"contact_phone": NO_PHONE, "country": NO_COUNTRY}
    changes = ({"commission_bps": 500, "reason": "Agreed for the fair"},)
    address = "/api/v1/operator/shops/indigo-fabrics/commission/"
    return Case(api(None, make_operator()), address, "public.tenants_shop", cloth.shop.pk, texts, changes)


def coupon_beside(cloth: Stocked) -> Case:
    made = coupon(cloth.shop)
    texts = {"contact_phone": NO_PHONE, "country": NO_COUNTRY}
    client = api(cloth.shop, member(cloth.shop, Role.OWNER))
    changes = ({"is_paused": True}, {"uses_total": 5})
    return Case(client, f"/api/v1/coupons/{made.pk}/", "public.tenants_shop", cloth.shop.pk, texts, changes)


def offer_beside(cloth: Stocked) -> Case:
    made = automatic_offer(cloth.shop)
    texts = {"contact_phone": NO_PHONE, "country": NO_COUNTRY}
    client = api(cloth.shop, member(cloth.shop, Role.OWNER))
    changes = ({"is_paused": True}, {"name": "Three for two"})
    return Case(client, f"/api/v1/offers/{made.pk}/", "public.tenants_shop", cloth.shop.pk, texts, changes)


def zone_beside(cloth: Stocked) -> Case:
    client = api(cloth.shop, member(cloth.shop, Role.OWNER))
    method = {"name": "Rider", "kind": "flat", "price_minor": 150_000}
    body = {"name": "Lagos", "country": "NG", "subdivisions": ["NG-LA"], "methods": [method]}
    address = client.post("/api/v1/delivery-zones/", body, format="json", headers={"Idempotency-Key": "zone-1"})
    texts = {"contact_phone": NO_PHONE, "country": NO_COUNTRY}
    changes = ({"name": "Lagos and around"}, {"towns": ["Ikeja"]})
    return Case(client, address.headers["Location"], "public.tenants_shop", cloth.shop.pk, texts, changes)


def station_beside(cloth: Stocked) -> Case:
    texts = {"contact_phone": NO_PHONE, "country": NO_COUNTRY}
    changes = ({"is_open": False, "reason": "Closed for a week"},)
    address = f"/api/v1/operator/stations/{station().pk}/"
    return Case(api(None, make_operator()), address, "public.tenants_shop", cloth.shop.pk, texts, changes)


def rule_beside(cloth: Stocked) -> Case:
    drafted = rule_draft()
    changes = ({"percent_bps": 700, "reason": "Agreed for a year"}, {"currency": "NGN", "reason": "Agreed for a year"})
    address = f"/api/v1/operator/commission-rules/{drafted.pk}/"
    texts = {"name": NO_NAME}
    return Case(api(None, make_operator()), address, "public.payouts_commissionrule", drafted.pk, texts, changes)


def cart_line(cloth: Stocked) -> Case:
    client = api(None, member(cloth.shop, Role.VIEWER))
    client.post("/api/v1/cart/items/", {"variant": str(cloth.variant_id), "quantity": 1})
    where = product(cloth)
    address = f"/api/v1/cart/items/{cloth.variant_id}/"
    return Case(client, address, where.table, where.key, where.texts, ({"quantity": 2},))


def application(cloth: Stocked) -> Case:
    user = member(cloth.shop, Role.VIEWER)
    row = started(applicant_id=user.pk)
    return Case(
        api(None, user),
        f"/api/v1/applications/{row.pk}/",
        "public.tenants_shopapplication",
        row.pk,
        {"shop_name": NO_NAME, "country": NO_COUNTRY, "email": NO_EMAIL, "what_is_sold": MARKS},
        ({"business": BUSINESS},),
    )


def parcel_beside(cloth: Stocked) -> Case:
    return _parcel(cloth, api(cloth.shop, member(cloth.shop)), "/api/v1/vendor-orders/{part}/shipments/1/")


def parcel_of_operators(cloth: Stocked) -> Case:
    address = "/api/v1/operator/orders/{order}/parts/{part}/shipments/1/"
    return _parcel(cloth, api(None, make_operator()), address, reason="The shop told us.")


def _parcel(cloth: Stocked, client: APIClient, address: str, **more: str) -> Case:
    number = paid_order(cloth)
    send_parcel(shop=cloth.shop, number=number, parcel=Parcel(), now=timezone.now())
    part = SubOrder.objects.select_related("order").get(number=number)
    with schema_context(cloth.shop.schema_name):
        key = Shipment.objects.get().pk
    table = f"{cloth.shop.schema_name}.fulfilment_shipment"
    change = {"tracking_number": "NG-2", **more}
    return Case(client, address.format(order=part.order.number, part=number), table, key, {"carrier": MARKS}, (change,))


CASES: dict[str, tuple[Callable[[Stocked], Case], str]] = {
    "product": (product, "api/v1/products/<uuid:product_id>/"),
    "variant": (variant, "api/v1/products/<uuid:product_id>/"),
    "shop": (shop, "api/v1/shop/"),
    "stock": (count, "api/v1/stock/<uuid:variant_id>/"),
    "price": (price, "api/v1/prices/<uuid:variant_id>/"),
    "staff": (staff, "api/v1/members/<int:member_id>/"),
    "person": (person, "api/v1/auth/user/"),
    "phone": (phone, "api/v1/auth/user/"),
    "address": (home, "api/v1/auth/addresses/<int:address_id>/"),
    "category": (category, "api/v1/operator/categories/<int:category_id>/"),
    "commission": (commission, "api/v1/operator/shops/<slug:slug>/commission/"),
    "rule": (rule_beside, "api/v1/operator/commission-rules/<uuid:rule_id>/"),
    "coupon": (coupon_beside, "api/v1/coupons/<uuid:coupon_id>/"),
    "offer": (offer_beside, "api/v1/offers/<uuid:offer_id>/"),
    "zone": (zone_beside, "api/v1/delivery-zones/<uuid:zone_id>/"),
    "station": (station_beside, "api/v1/operator/stations/<uuid:station_id>/"),
    "cart": (cart_line, "api/v1/cart/items/<uuid:variant_id>/"),
    "application": (application, "api/v1/applications/<uuid:application_id>/"),
    "parcel": (parcel_beside, "api/v1/vendor-orders/<str:number>/shipments/<int:shipment_id>/"),
    "operators": (
        parcel_of_operators,
        "api/v1/operator/orders/<str:number>/parts/<str:part>/shipments/<int:shipment_id>/",
    ),
}


def stored(case: Case) -> dict[str, Any]:
    names = ", ".join(f"{name}::text" for name in case.texts)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM {case.table} WHERE id = %s", [case.key])
        return dict(zip(case.texts, cursor.fetchone(), strict=True))


def store(case: Case) -> None:
    sets = ", ".join(f"{name} = %s" for name in case.texts)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {case.table} SET {sets} WHERE id = %s", [*case.texts.values(), case.key])


@pytest.mark.parametrize("name", CASES)
def test_a_change_beside_it_is_made_and_leaves_it(name: str, cloth: Stocked) -> None:
    case = CASES[name][0](cloth)
    store(case)
    for change in case.changes:
        answer = case.client.patch(case.address, change, format="json")
        assert answer.status_code == 200, (change, answer.json())
        assert stored(case) == case.texts, change


WITHOUT_TEXTS = {"api/v1/notification-preferences/"}  # it takes choices alone
TEXTS = ("product", "variant", "shop", "person", "phone", "address", "category")


@pytest.mark.parametrize("name", TEXTS)
def test_another_such_text_is_refused_by_its_name(name: str, cloth: Stocked) -> None:
    case = CASES[name][0](cloth)
    store(case)
    assert case.wrong is not None
    body, field = case.wrong
    answer = case.client.patch(case.address, body, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert stored(case) == case.texts


def test_every_call_that_changes_a_part_is_tried() -> None:
    found = {route for table in (ON_PLATFORM, ON_SHOP) for route, door in table.items() if "PATCH" in door.methods}
    assert found - WITHOUT_TEXTS == {route for _, route in CASES.values()}, (
        "Add a case of its texts, or name it in WITHOUT_TEXTS (docs/recipes/add-an-endpoint.md)."
    )
