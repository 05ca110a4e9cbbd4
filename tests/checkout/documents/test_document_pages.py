"""Documents on pages and over the API of buyer, shop and operator: who gets which, and in which form."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.services.personal_data import Subject
from checkout.documents.printing import MOST_PRINTED
from checkout.fulfilling.advance_part import ship_part
from checkout.fulfilling.send_parcel import send_parcel
from checkout.fulfilment.services import Parcel
from checkout.models import IssuedDocument, Order, PickupCode, SubOrder
from checkout.personal_data import collect
from paystack_sandbox.testing import SandboxProcess
from tests.checkout.documents.world import cancel, paid, parts_of, words_of
from tests.checkout.stations.world import choice, ordered_to, station, station_shop
from tests.world.books import make_operator
from tests.world.clock import NOW
from tests.world.market import Stocked, buy, open_shop, stock
from tests.world.own_shop import api, member, page_client

pytestmark = pytest.mark.django_db
PDF = {"Accept": "application/pdf"}


@pytest.fixture
def item(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"), price_minor=1_000_000)


@pytest.fixture
def order(item: Stocked, paystack: SandboxProcess) -> Order:
    return paid(buy(item.line(3)), paystack)


@pytest.fixture
def part(order: Order) -> SubOrder:
    return parts_of(order)[0]


def guest(order: Order) -> Client:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.get(f"{order.get_absolute_url()}?key={order.access_key}")
    return client


def links(page: str, word: str) -> list[str]:
    return re.findall(rf'href="([^"]*{word}[^"]*)"', page)


def test_a_buyers_page_leads_to_invoice_and_credit_note(order: Order, part: SubOrder, item: Stocked) -> None:
    client = guest(order)
    [invoice] = links(client.get(order.get_absolute_url()).text, "invoices")
    assert not IssuedDocument.objects.exists(), "looking at the page issues nothing"
    assert "INV-000001" in words_of(client.get(invoice))
    cancel(part, {item.variant_id: 1})
    [_, note] = links(client.get(order.get_absolute_url()).text, "invoices")
    assert "For invoice INV-000001" in words_of(client.get(note))


def test_another_browser_and_another_order_get_nothing(order: Order, part: SubOrder, item: Stocked) -> None:
    address = f"/orders/{order.number}/invoices/{part.number}/"
    assert Client(HTTP_HOST=settings.BASE_DOMAIN).get(address).status_code == 404
    other = buy(item.line())
    assert guest(other).get(f"/orders/{other.number}/invoices/{part.number}/").status_code == 404
    key = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": other.access_key})
    for tail in ("", f"{part.number}/", f"{part.number}/credit-notes/1/"):
        assert key.get(f"/api/v1/orders/{order.number}/invoices/{tail}", headers=PDF).status_code == 404
    assert not IssuedDocument.objects.exists()


def test_the_api_gives_json_or_a_pdf_by_accept(order: Order, part: SubOrder, item: Stocked) -> None:
    cancel(part, {item.variant_id: 1})
    client = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": order.access_key})
    address = f"/api/v1/orders/{order.number}/invoices/"
    told = client.get(address).json()["data"]
    assert [(each["kind"], each["number"], each["invoice_number"]) for each in told] == [
        ("invoice", "INV-000001", None),
        ("credit_note", "CN-000001", "INV-000001"),
    ]
    one = client.get(f"{address}{part.number}/")
    assert one.json()["data"]["amounts"]["total_minor"] == part.total_minor
    assert "Accept" in one.headers["Vary"]
    both = words_of(client.get(address, headers=PDF))
    assert "INV-000001" in both
    assert "CN-000001" in both
    assert "CN-000001" in words_of(client.get(f"{address}{part.number}/credit-notes/1/", headers=PDF))
    missing = client.get(f"{address}{part.number}/credit-notes/2/", headers=PDF)
    assert (missing.status_code, missing.json()["code"]) == (404, "document_not_found")


def test_an_unpaid_order_has_no_invoice(item: Stocked) -> None:
    order = buy(item.line())
    client = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": order.access_key})
    assert client.get(f"/api/v1/orders/{order.number}/invoices/").json()["data"] == []
    assert client.get(f"/api/v1/orders/{order.number}/invoices/", headers=PDF).status_code == 404
    assert not links(guest(order).get(order.get_absolute_url()).text, "invoices")


def test_a_shop_prints_what_is_left_without_prices(part: SubOrder, item: Stocked) -> None:
    cancel(part, {item.variant_id: 1})
    client = page_client(part.shop, member(part.shop))
    page = client.get(f"/dashboard/orders/{part.number}/").text
    [slip] = links(page, "packing-slip")
    words = words_of(client.get(slip))
    assert "Packing slip" in words
    assert part.number in words
    assert "₦" not in words
    assert re.search(r"Packed 2 ", words)
    assert links(page, "/invoice/")
    assert links(page, "credit-notes")
    assert not links(page, "pickup-slip")
    assert client.get(f"/dashboard/orders/{part.number}/pickup-slip/").status_code == 404


def test_all_that_a_shop_prints_names_the_units_that_have_not_left(part: SubOrder, item: Stocked) -> None:
    send_parcel(
        shop=part.shop, number=part.number, parcel=Parcel("GIG"), lines={item.variant_id: 1}, now=timezone.now()
    )
    client = page_client(part.shop, member(part.shop))
    address = f"/dashboard/orders/{part.number}/"
    assert re.search(r"Packed 2 ", words_of(client.get(f"{address}packing-slip/")))
    packing = client.get("/dashboard/orders/packing-list/")
    assert '<td class="num">2</td>' in packing.text
    assert packing.context["items"][0]["quantity"] == 2
    shipped = next(each for each in client.get(address).context["events"] if each["title"] == "Shipped")
    assert (shipped["state"], shipped["at"], shipped["note"]) == ("todo", None, "")
    send_parcel(shop=part.shop, number=part.number, parcel=Parcel("GIG"), lines=None, now=timezone.now())
    shipped = next(each for each in client.get(address).context["events"] if each["title"] == "Shipped")
    part.refresh_from_db()
    assert (shipped["state"], shipped["at"]) == ("done", part.status_at), "with the last parcel"


def test_another_shop_gets_none_of_it(part: SubOrder) -> None:
    other = open_shop("pot-house")
    owner = member(other)
    client, caller = page_client(other, owner), api(other, owner)
    for name in ("invoice", "credit-notes/1", "packing-slip", "pickup-slip"):
        assert client.get(f"/dashboard/orders/{part.number}/{name}/").status_code == 404
        assert caller.get(f"/api/v1/vendor-orders/{part.number}/{name}/", headers=PDF).status_code == 404
    for kind in ("invoice", "packing-slip"):
        body = {"document": kind, "numbers": [part.number]}
        assert caller.post("/api/v1/vendor-orders/bulk/print/", body, format="json").status_code == 404
    assert not IssuedDocument.objects.exists()


def test_a_selection_is_printed_into_one_file(part: SubOrder, item: Stocked, paystack: SandboxProcess) -> None:
    second = parts_of(paid(buy(item.line()), paystack))[0]
    client = page_client(part.shop, member(part.shop))
    chosen = {"ids": [second.number, part.number]}
    for kind, word in (("invoice", "Invoice"), ("packing-slip", "Packing slip")):
        led = client.post("/dashboard/orders/bulk/", {**chosen, "action": f"print-{kind}"})
        words = words_of(client.get(led.headers["Location"]))
        assert words.count(f"{word} ") >= 2
        assert words.index(second.number) < words.index(part.number)
    nothing = client.post("/dashboard/orders/bulk/", {**chosen, "action": "print-pickup-slip"}, follow=True)
    assert "have a pick-up slip" in nothing.text
    assert client.get("/dashboard/orders/print/?document=letters").status_code == 404


def test_the_api_prints_a_selection_up_to_a_limit(part: SubOrder) -> None:
    caller = api(part.shop, member(part.shop))
    address = "/api/v1/vendor-orders/bulk/print/"
    body: dict[str, Any] = {"document": "invoice", "numbers": [part.number, "KS-NOBODY-1"]}
    assert part.number in words_of(caller.post(address, body, format="json"))
    refused = caller.post(address, {**body, "numbers": ["KS-1"] * (MOST_PRINTED + 1)}, format="json")
    assert refused.status_code == 400
    picked = caller.post(address, {**body, "document": "pickup-slip"}, format="json")
    assert (picked.status_code, picked.json()["code"]) == (409, "not_picked_up")


def test_a_pick_up_slip_names_the_buyer_and_never_the_code(db: None) -> None:
    cloth = station_shop()
    number = ordered_to(cloth, choice(station()))
    ship_part(shop=cloth.shop, number=number, parcel=Parcel(), now=NOW)
    client = page_client(cloth.shop, member(cloth.shop))
    words = words_of(client.get(f"/dashboard/orders/{number}/pickup-slip/"))
    assert Order.objects.get().shipping_address["name"] in words
    assert "Ikeja counter" in words
    assert PickupCode.objects.get().code not in words
    assert links(client.get(f"/dashboard/orders/{number}/").text, "pickup-slip")


def test_an_operator_prints_any_invoice(order: Order, part: SubOrder) -> None:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.force_login(make_operator())
    [invoice] = links(client.get(f"/operator/orders/{order.number}/").text, "invoices")
    assert "INV-000001" in words_of(client.get(invoice))
    told = client.get(f"/api/v1/operator/orders/{order.number}/invoices/").json()["data"]
    assert [each["number"] for each in told] == ["INV-000001"]


def test_a_persons_data_has_each_document_with_an_address_that_opens_it(
    order: Order, part: SubOrder, item: Stocked
) -> None:
    cancel(part, {item.variant_id: 1})
    guest_of = Subject(user_id=None, email=order.email, is_email_theirs=True)
    told = collect(guest_of)["documents"]
    assert [(row["kind"], row["number"], row["content"]) for row in told] == [
        ("invoice", "", None),
        ("credit_note", "", None),
    ]
    read = [words_of(Client(HTTP_HOST=settings.BASE_DOMAIN).get(str(row["address"]))) for row in told]
    assert ["INV-000001" in read[0], "CN-000001" in read[1]] == [True, True]

    told = collect(guest_of)["documents"]
    assert [row["number"] for row in told] == ["INV-000001", "CN-000001"]
    assert all("cloth-hall" in str(row["content"]).lower().replace(" ", "-") for row in told)
    assert collect(replace(guest_of, email="other@example.com"))["documents"] == []
