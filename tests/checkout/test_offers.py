"""Automatic offers of a shop: kept with its terms, charged as shown, watched, and told on pages and over the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from catalogue.selectors.asked_prices import least_asked
from checkout.models import AutomaticOffer, OfferKind, ShopTerms
from checkout.offers.compiling import compile_offers, terms_of
from checkout.offers.inputs import OfferInput
from checkout.offers.keeping import MOST_OFFERS, create_offer
from checkout.offers.preview import preview_offer
from checkout.offers.selectors import offers_of
from checkout.offers.watching import OfferFigures, figures_of
from checkout.pricing.reading import read_quote
from checkout.pricing.terms.offers import Tier, as_json, parse
from kit.errors import InvalidInputError
from payouts.audit.run import run_audit
from tenants.models import Role, Shop, ShopEvent
from tests.world.clock import NOW
from tests.world.factories.catalogue import make_categories
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.offers import automatic_offer
from tests.world.own_shop import api, member, page_client
from tests.world.tax import register

pytestmark = pytest.mark.django_db
LIST = "/api/v1/offers/"
TWO = {"name": "Two and one", "kind": "buy_get", "percent_bps": 10_000, "buys": 2, "gives": 1}


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_000)


@pytest.fixture
def shop(cloth: Stocked) -> Shop:
    return cloth.shop


@pytest.fixture
def program(shop: Shop) -> APIClient:
    return api(shop, member(shop, Role.MANAGER))


@pytest.fixture
def pages(shop: Shop) -> Client:
    return page_client(shop, member(shop, Role.MANAGER))


def findings() -> list[Any]:
    return [finding for result in run_audit(with_provider=False, now=NOW).results for finding in result.findings]


def test_an_offer_is_charged_as_the_basket_shows_it_and_watched(cloth: Stocked) -> None:
    offer = automatic_offer(cloth.shop)
    [shown] = read_quote([cloth.line(3)], now=timezone.now()).parts
    order = buy(cloth.line(3), now=timezone.now())
    part = order.sub_orders.get()
    assert part.total_minor == shown.amounts.total_minor == 2_000_000 + 150_000
    assert (part.discount_minor, part.platform_discount_minor) == (1_000_000, 0)
    assert part.commission_minor == 2_000_000 * part.commission_bps // 10_000
    [given] = [each for each in part.adjustments if each["kind"] == "discount"]
    assert (given["source"], given["label"], given["funded_by"]) == (f"offer:{offer.pk}", "Two and one", "shop")
    assert figures_of([offer]) == {}, "it is not paid yet"
    type(part).objects.filter(pk=part.pk).update(status="new")
    assert figures_of([offer]) == {offer.pk: OfferFigures(1, 2_150_000, 1_000_000)}


def test_an_offer_costs_a_quote_and_an_order_no_statement(cloth: Stocked) -> None:
    counts = []
    for _ in range(2):
        read_quote([cloth.line()], now=NOW)
        with CaptureQueriesContext(connection) as quoted:
            read_quote([cloth.line()], now=NOW)
        with CaptureQueriesContext(connection) as placed:
            buy(cloth.line())
        counts.append((len(quoted), len(placed)))
        if not AutomaticOffer.objects.exists():
            automatic_offer(cloth.shop)
    assert counts[0] == counts[1]


def test_terms_hold_what_the_rows_say_and_the_audit_finds_a_difference(cloth: Stocked) -> None:
    tiers = (Tier(1_000_000, percent_bps=500), Tier(2_000_000, amount_minor=150_000))
    automatic_offer(cloth.shop)
    automatic_offer(cloth.shop, "More for more", kind=OfferKind.SPEND, tiers=tiers)
    register(cloth.shop)
    compiled = compile_offers(offers_of(shop_id=cloth.shop.pk))
    assert parse(as_json(compiled)) == compiled
    assert [each.name for each in compiled] == ["Two and one", "More for more"]
    assert findings() == []
    row = ShopTerms.objects.get()
    ShopTerms.objects.update(offers={})
    assert [(finding.subject, finding.found) for finding in findings()] == [("offers of shop cloth-hall", "{}")]
    ShopTerms.objects.update(offers=row.offers, tax={})
    assert [finding.subject for finding in findings()] == ["tax of shop cloth-hall"]


def test_a_lower_price_is_shown_beside_the_least_that_was_asked(cloth: Stocked, client: Client) -> None:
    AutomaticOffer.objects.all().delete()
    now = timezone.now()
    cloth.set_price(2_000_000)  # raised a moment ago: not an earlier price that anybody has paid
    automatic_offer(cloth.shop, "Eid", kind=OfferKind.PRICE_CUT, percent_bps=2_000, products=(cloth.product_id,))
    asked = least_asked(shop=cloth.shop, product_ids=[cloth.product_id], since=now - timedelta(days=30))
    assert asked == {cloth.variant_id: 1_000_000, cloth.product_id: 1_000_000}
    [part] = read_quote([cloth.line()], now=timezone.now()).parts
    assert part.amounts.items_minor - part.amounts.discount_minor == 800_000
    page = client.get(f"/products/{cloth.product_id}/").content.decode()
    assert "₦8,000" in page
    assert "₦10,000</s>" in page
    assert "Eid: 20 % off" in page


def test_the_products_page_tells_offers_and_tax_without_a_further_statement(cloth: Stocked, client: Client) -> None:
    address = f"/products/{cloth.product_id}/"
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    automatic_offer(cloth.shop)
    register(cloth.shop, is_included=True)
    client.get(address)
    with CaptureQueriesContext(connection) as after:
        page = client.get(address).content.decode()
    assert "Two and one: Buy 2, get 1 free" in page
    assert "Includes VAT 7.5%" in page
    assert len(before) == len(after)
    register(cloth.shop)
    assert "VAT 7.5% is added at checkout" in client.get(address).content.decode()


def test_the_basket_tells_what_is_missing_to_more(cloth: Stocked, client: Client) -> None:
    automatic_offer(cloth.shop)
    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": "2"})
    text = "Two and one (Buy 2, get 1 free): add 1 more piece."
    assert text in client.get("/cart/").content.decode()
    [group] = client.get("/api/v1/cart/").json()["data"]["groups"]
    assert group["offer_hints"] == [{"name": "Two and one", "missing": 1, "message": text}]
    client.post("/cart/add/", {"variant": str(cloth.variant_id), "quantity": "1"})
    page = client.get("/cart/").content.decode()
    assert text not in page
    assert "Two and one −₦10,000" in page


def test_an_offer_is_made_changed_and_deleted_over_the_api(program: APIClient, shop: Shop) -> None:
    make_categories()
    made = program.post(LIST, TWO | {"categories": ["fashion"]}, format="json")
    assert made.status_code == 201, made.json()
    assert made.json()["data"]["categories"] == ["fashion"]
    assert program.get(LIST).json()["data"]["count"] == 1
    tag = program.get(made["Location"])["ETag"]
    changed = program.patch(made["Location"], {"is_paused": True}, format="json", headers={"If-Match": tag})
    assert changed.json()["data"]["is_paused"] is True
    stale = program.patch(made["Location"], {"name": "Other"}, format="json", headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["code"]) == (412, "version_mismatch")
    assert ShopTerms.objects.get().offers == {}, "paused ones are not in the terms"
    assert program.delete(made["Location"]).status_code == 204
    assert program.get(made["Location"]).status_code == 404
    kinds = ShopEvent.objects.filter(kind__startswith="offer.").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["offer.made", "offer.changed", "offer.deleted"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (TWO | {"buys": None}, "buys"),
        (TWO | {"percent_bps": None}, "percent_bps"),
        (TWO | {"tiers": [{"least": 3, "percent_bps": 100}]}, "tiers"),
        ({"name": "x", "kind": "spend"}, "tiers"),
        ({"name": "x", "kind": "spend", "tiers": [{"least": 3}]}, "tiers"),
        ({"name": "x", "kind": "quantity", "tiers": [{"least": 3, "percent_bps": 1}] * 2}, "tiers"),
        ({"name": "x", "kind": "price_cut", "percent_bps": 100}, "products"),
        (TWO | {"products": ["0199f2c1-9b00-7a53-b1de-3f2a9a1c5d12"]}, "products"),
        (TWO | {"starts_at": "2035-01-02T00:00:00Z", "ends_at": "2035-01-01T00:00:00Z"}, "ends_at"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(program: APIClient, body: dict[str, Any], field: str) -> None:
    refused = program.post(LIST, body, format="json")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])
    assert (AutomaticOffer.objects.count(), ShopTerms.objects.count()) == (0, 0)


def test_a_shop_has_so_many_offers_and_no_more(program: APIClient, shop: Shop) -> None:
    automatic_offer(shop)
    copies = [AutomaticOffer(shop=shop, created_at=NOW, **OfferInput(**TWO).columns()) for _ in range(MOST_OFFERS - 1)]  # type: ignore[arg-type]
    AutomaticOffer.objects.bulk_create(copies)
    refused = program.post(LIST, TWO, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_offers")


def test_an_offer_is_tried_on_a_basket_before_it_is_made(pages: Client, cloth: Stocked) -> None:
    form = {"name": "Two and one", "kind": "buy_get", "percent": "100", "buys": "2", "gives": "1", "basket": "TOTE-1 4"}
    page = pages.post("/dashboard/offers/new/", form | {"try": "1"}).content.decode()
    assert "Buy 2, get 1 free" in page
    assert "−₦10,000" in page
    assert AutomaticOffer.objects.count() == 0
    made = pages.post("/dashboard/offers/new/", form, follow=True).content.decode()
    assert "The offer Two and one is created." in made
    key = AutomaticOffer.objects.get().pk
    assert "Two and one" in pages.get(f"/dashboard/offers/new/?like={key}").content.decode()
    pages.post(f"/dashboard/offers/{key}/pause/", {"paused": "1"})
    assert AutomaticOffer.objects.get().is_paused
    steps = {
        "kind": "spend",
        "percent": "",
        "tiers": "10,000: 5%\n20,000: 1,500",
        "name": "More",
        "buys": "",
        "gives": "",
    }
    saved = pages.post(f"/dashboard/offers/{key}/", steps, follow=True).content.decode()
    assert "5\u00a0% off from ₦10,000 · ₦1,500 off from ₦20,000" in saved
    pages.post(f"/dashboard/offers/{key}/delete/")
    assert ShopTerms.objects.get().offers == {}


def test_the_database_refuses_an_offer_without_what_its_kind_needs(shop: Shop) -> None:
    offer = automatic_offer(shop)
    for change in ({"buys": None}, {"kind": "spend"}, {"percent_bps": 0}, {"name": ""}, {"tiers": [1]}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AutomaticOffer.objects.filter(pk=offer.pk).update(**change)


def test_a_preview_counts_an_offer_that_has_not_begun(cloth: Stocked) -> None:
    later = timezone.now() + timedelta(days=9)
    offer = automatic_offer(cloth.shop, starts_at=later, is_paused=True)
    terms = terms_of(offer)
    part = preview_offer(shop=cloth.shop, offer=terms, wanted={cloth.variant_id: 3}, now=timezone.now())
    assert part is not None
    assert part.amounts.discount_minor == 1_000_000


def test_values_are_judged_by_the_service_too(shop: Shop) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        create_offer(shop=shop, data=OfferInput(name="", kind=OfferKind.SPEND), actor_id=None, now=NOW)
    assert sorted(refusal.value.details) == ["name", "tiers"]
