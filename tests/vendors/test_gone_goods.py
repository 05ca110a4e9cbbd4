"""Offers and coupons that name deleted products or removed categories: they never widen, and can still be changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from catalogue.discovery.services.categories import remove_category
from catalogue.services.products import delete_product
from checkout.models import AutomaticOffer, Coupon
from checkout.pricing.reading import read_quote
from tenants.models import Role, Shop
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.coupons import coupon
from tests.world.factories.catalogue import make_categories
from tests.world.market import Stocked, open_shop, stock
from tests.world.offers import automatic_offer
from tests.world.own_shop import api, member, page_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_000)


@pytest.fixture
def shop(cloth: Stocked) -> Shop:
    return cloth.shop


@pytest.fixture
def rug(shop: Shop) -> Stocked:
    return stock(shop, sku="RUG", price_minor=500_000)


@pytest.fixture
def manager(shop: Shop) -> User:
    return member(shop, Role.MANAGER)


@pytest.fixture
def program(shop: Shop, manager: User) -> APIClient:
    return api(shop, manager)


@pytest.fixture
def pages(shop: Shop, manager: User) -> Client:
    return page_client(shop, manager)


def delete(*goods: Stocked) -> None:
    for each in goods:
        delete_product(shop=each.shop, product_id=each.product_id, now=NOW)


def shown(pages: Client, page: str, **changes: Any) -> dict[str, Any]:
    """Return what a browser sends of a page's form, with some fields changed."""
    answer = pages.get(page)
    form = answer.context["form"]
    sent = {name: form[name].value() for name in form.fields} | {"version": answer.context["version"]}
    return {name: value for name, value in (sent | changes).items() if value not in (None, False, "", [])}


def names(*ids: UUID) -> list[str]:
    return sorted(map(str, ids))


def test_saving_an_offer_keeps_deleted_products_until_they_are_taken_out(
    pages: Client, cloth: Stocked, rug: Stocked
) -> None:
    offer = automatic_offer(cloth.shop, products=(cloth.product_id, rug.product_id))
    page = f"/dashboard/offers/{offer.pk}/"
    delete(cloth)
    assert "1 product chosen here no longer exists." in pages.get(page).content.decode()
    assert pages.post(page, shown(pages, page, name="Renamed")).status_code == 302
    offer.refresh_from_db()
    assert (offer.name, offer.products) == ("Renamed", names(cloth.product_id, rug.product_id))
    assert pages.post(page, shown(pages, page, drops_gone="on")).status_code == 302
    offer.refresh_from_db()
    assert offer.products == names(rug.product_id)


def test_an_offer_whose_products_are_all_gone_never_turns_into_one_of_all(
    pages: Client, cloth: Stocked, rug: Stocked
) -> None:
    offer = automatic_offer(cloth.shop, products=(cloth.product_id, rug.product_id))
    page = f"/dashboard/offers/{offer.pk}/"
    delete(cloth, rug)
    assert "2 products chosen here no longer exist." in pages.get(page).content.decode()
    assert pages.post(page, shown(pages, page)).status_code == 302
    refused = pages.post(page, shown(pages, page, drops_gone="on"))
    assert refused.status_code == 422
    assert "it would apply to more goods" in refused.content.decode()
    offer.refresh_from_db()
    assert offer.products == names(cloth.product_id, rug.product_id)


def test_a_gift_that_is_gone_is_not_replaced_by_the_goods_to_buy(pages: Client, cloth: Stocked, rug: Stocked) -> None:
    ids = make_categories()
    offer = automatic_offer(
        cloth.shop,
        products=(cloth.product_id,),
        gives_products=(rug.product_id,),
        gives_categories=(ids["bags"], ids["kitchen"]),
    )
    page = f"/dashboard/offers/{offer.pk}/"
    delete(rug)
    remove_category(category_id=ids["kitchen"], into_id=None, now=NOW)
    assert "1 category chosen here no longer exists." in pages.get(page).content.decode()
    assert pages.post(page, shown(pages, page)).status_code == 302
    offer.refresh_from_db()
    assert offer.gives_products == names(rug.product_id)
    assert offer.gives_categories == sorted([ids["bags"], ids["kitchen"]])


def test_a_copy_of_an_offer_does_not_widen(pages: Client, cloth: Stocked) -> None:
    offer = automatic_offer(cloth.shop, products=(cloth.product_id,))
    delete(cloth)
    form = {"name": "Copy", "kind": "buy_get", "percent": "100", "buys": "2", "gives": "1"}
    for more in ({}, {"drops_gone": "on"}):
        assert pages.post(f"/dashboard/offers/new/?like={offer.pk}", form | more).status_code == 422
    assert AutomaticOffer.objects.count() == 1


def test_saving_a_coupon_keeps_what_is_gone_until_it_is_taken_out(pages: Client, cloth: Stocked, rug: Stocked) -> None:
    ids = make_categories()
    ten = coupon(cloth.shop, products=(cloth.product_id,), categories=(ids["kitchen"],))
    page = f"/dashboard/coupons/{ten.pk}/"
    delete(cloth)
    remove_category(category_id=ids["kitchen"], into_id=None, now=NOW)
    text = pages.get(page).content.decode()
    assert "1 product chosen here no longer exists. 1 category chosen here no longer exists." in text
    assert pages.post(page, shown(pages, page, percent="20")).status_code == 302
    ten = Coupon.objects.get()
    assert (ten.percent_bps, ten.products, ten.categories) == (2_000, names(cloth.product_id), [ids["kitchen"]])
    assert pages.post(page, shown(pages, page, drops_gone="on")).status_code == 422
    assert pages.post(page, shown(pages, page, drops_gone="on", skus="RUG")).status_code == 302
    ten = Coupon.objects.get()
    assert (ten.products, ten.categories) == (names(rug.product_id), [])


def test_operators_keep_removed_categories_of_a_coupon(client: Client) -> None:
    ids = make_categories()
    ten = coupon(None, categories=(ids["kitchen"],))
    remove_category(category_id=ids["kitchen"], into_id=None, now=NOW)
    client.force_login(make_operator())
    page = f"/operator/coupons/{ten.pk}/"
    assert "1 category chosen here no longer exists." in client.get(page).content.decode()
    assert client.post(page, shown(client, page, percent="20", reason="For the festival")).status_code == 302
    ten.refresh_from_db()
    assert (ten.percent_bps, ten.categories) == (2_000, [ids["kitchen"]])


@pytest.mark.parametrize("kind", ["offers", "coupons"])
@pytest.mark.parametrize("gone", ["products", "categories"])
def test_a_program_does_not_widen_what_is_gone_to_all_goods(
    program: APIClient, cloth: Stocked, rug: Stocked, kind: str, gone: str
) -> None:
    ids = make_categories()
    named: dict[str, Any] = {"products": (cloth.product_id,), "categories": (ids["kitchen"],)}
    make = automatic_offer if kind == "offers" else coupon
    kept: Any = make(cloth.shop, **{gone: named[gone]})
    delete(cloth)
    remove_category(category_id=ids["kitchen"], into_id=None, now=NOW)
    address = f"/api/v1/{kind}/{kept.pk}/"
    refused = program.patch(address, {gone: []}, format="json")
    assert refused.status_code == 400, refused.content
    assert [each["code"] for each in refused.json()["errors"][gone]] == ["would_widen"]
    assert getattr(type(kept).objects.get(), gone) != []
    other = {"products": [str(rug.product_id)], "categories": []}
    assert program.patch(address, other, format="json").status_code == 200
    assert program.patch(address, {"products": []}, format="json").status_code == 200, "what is there may be taken out"


def test_nobody_is_led_to_a_gift_that_is_gone(client: Client, cloth: Stocked, rug: Stocked) -> None:
    automatic_offer(cloth.shop, buys=1, products=(cloth.product_id,), gives_products=(rug.product_id,))
    page = f"/products/{cloth.product_id}/"

    def hints() -> int:
        [part] = read_quote([cloth.line()], now=timezone.now()).parts
        return len(part.offer_hints)

    assert hints() == 1
    assert "Buy 1, get 1 free" in client.get(page).content.decode()
    delete(rug)
    assert hints() == 0
    assert "Buy 1, get 1 free" not in client.get(page).content.decode()


def test_a_gift_that_is_gone_does_not_become_the_goods_bought(program: APIClient, cloth: Stocked, rug: Stocked) -> None:
    offer = automatic_offer(cloth.shop, products=(cloth.product_id,), gives_products=(rug.product_id,))
    delete(rug)
    refused = program.patch(f"/api/v1/offers/{offer.pk}/", {"gives_products": []}, format="json")
    assert [each["code"] for each in refused.json()["errors"]["gives_products"]] == ["would_widen"]
    offer.refresh_from_db()
    assert offer.gives_products == names(rug.product_id)


@pytest.mark.parametrize("kind", ["offers", "coupons"])
def test_what_names_a_deleted_product_can_be_paused(
    pages: Client, program: APIClient, cloth: Stocked, rug: Stocked, kind: str
) -> None:
    make = automatic_offer if kind == "offers" else coupon
    kept: Any = make(cloth.shop, products=(cloth.product_id,))
    delete(cloth, rug)
    assert pages.post(f"/dashboard/{kind}/{kept.pk}/pause/", {"paused": "1"}).status_code == 302
    assert type(kept).objects.get().is_paused
    address = f"/api/v1/{kind}/{kept.pk}/"
    assert program.patch(address, {"is_paused": False}, format="json").status_code == 200
    newly = program.patch(address, {"products": [str(rug.product_id)]}, format="json")
    assert newly.status_code == 400, "another product that is gone"
