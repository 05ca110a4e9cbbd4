"""Returns on the pages of buyer, shop and operator, and over the API; photos are for those concerned alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from rest_framework.test import APIClient

from checkout.models import Refund, Return, ReturnPhoto, SubOrder
from console.models import AuditEntry
from kit.ids import uuid7
from tests.world.books import make_operator
from tests.world.market import Stocked, open_shop
from tests.world.own_shop import api, member, page_client
from tests.world.pictures import encoded

pytestmark = pytest.mark.django_db
LONG = pytest.mark.usefixtures("long_days")


@pytest.fixture
def long_days(settings: Any) -> None:
    """Have returns last until today, which pages ask for."""
    settings.RETURN_DAYS = 20_000


def guest(part: SubOrder) -> Client:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.get(f"{part.order.get_absolute_url()}?key={part.order.access_key}")
    return client


def operator() -> Client:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    client.force_login(make_operator())
    return client


def upload() -> SimpleUploadedFile:
    picture = encoded(Image.new("RGB", (200, 150), "teal"), "JPEG")
    return SimpleUploadedFile("seam.jpg", picture, content_type="image/jpeg")


@LONG
def test_a_return_on_the_pages_from_the_request_to_the_refund(part: SubOrder, item: Stocked) -> None:
    buyer, address = guest(part), f"/orders/{part.order.number}/return/"
    assert address in buyer.get(part.order.get_absolute_url()).text
    units = f"units-{part.pk.hex}-{item.variant_id.hex}"
    page = buyer.get(address).text
    assert units in page
    assert '<option value="" selected>Choose a reason</option>' in page
    nothing = {units: "0", "reason": "It arrived broken"}
    assert buyer.post(address, nothing).status_code == 422
    asked = {units: "2", "reason": "It arrived broken", "note": "The seam", "photo_1": upload()}
    answer = buyer.post(address, asked, follow=True)
    found = Return.objects.get()
    assert answer.redirect_chain[-1][0] == f"/orders/{part.order.number}/returns/{found.pk}/"
    photo = ReturnPhoto.objects.get(of_return=found)
    assert buyer.get(f"/orders/{part.order.number}/returns/photos/{photo.pk}/")["Content-Type"] == "image/webp"

    shop, own = page_client(part.shop, member(part.shop)), f"/dashboard/returns/{found.pk}/"
    assert own in shop.get("/dashboard/returns/").text
    assert "The seam" in shop.get(own).text
    assert shop.get(f"/dashboard/returns/photos/{photo.pk}/").status_code == 200
    assert shop.post(own, {"move": "accept"}).status_code == 422
    shop.post(own, {"move": "accept", "accept-instructions": "To Bode Thomas St"})
    assert "To Bode Thomas St" in buyer.get(answer.redirect_chain[-1][0]).text
    written_off = f"receive-written-off-{item.variant_id}"
    shop.post(own, {"move": "receive", written_off: "1", "receive-delivery": "50"})
    assert Refund.objects.get().amount_minor == 2_005_000
    assert "Refund: ₦20,050" in buyer.get(answer.redirect_chain[-1][0]).text


@LONG
def test_an_operator_decides_and_the_log_keeps_why(part: SubOrder, item: Stocked) -> None:
    buyer = guest(part)
    units = f"units-{part.pk.hex}-{item.variant_id.hex}"
    buyer.post(f"/orders/{part.order.number}/return/", {units: "1", "reason": "It does not fit"})
    found = Return.objects.get()
    shop = page_client(part.shop, member(part.shop))
    shop.post(f"/dashboard/returns/{found.pk}/", {"move": "refuse", "refuse-text": "It was worn"})
    address = f"/orders/{part.order.number}/returns/{found.pk}/"
    assert "Ask the market to decide" in buyer.get(address).text
    buyer.post(address, {"move": "escalate", "message": "It was not worn"})
    console, own = operator(), f"/operator/returns/{found.pk}/"
    assert own in console.get("/operator/returns/?status=escalated").text
    [waiting] = console.get("/operator/").context["exceptions"]
    assert (waiting.kind, waiting.subject, waiting.url) == ("Return to decide", part.number, own)
    console.post(own, {"move": "refuse", "reason": ""})
    assert Return.objects.get().status == "escalated"
    Return.objects.update(status="accepted")
    assert "Ask the shop where to hand it in." in buyer.get(address).text, "the market knows no place"
    Return.objects.update(status="escalated")
    console.post(own, {"move": "receive", "reason": "The photos show it"})
    assert (Return.objects.get().status, AuditEntry.objects.get().action) == ("received", "return.paid")


@LONG
def test_photos_and_returns_are_those_of_their_people(part: SubOrder, item: Stocked) -> None:
    buyer = guest(part)
    units = f"units-{part.pk.hex}-{item.variant_id.hex}"
    asked = {units: "1", "reason": "It arrived broken", "photo_1": upload()}
    buyer.post(f"/orders/{part.order.number}/return/", asked)
    found, photo = Return.objects.get(), ReturnPhoto.objects.get()
    other = open_shop("pot-house")
    owner = member(other)
    anybody, rival = Client(HTTP_HOST=settings.BASE_DOMAIN), page_client(other, owner)
    for client, address in (
        (anybody, f"/orders/{part.order.number}/returns/{found.pk}/"),
        (anybody, f"/orders/{part.order.number}/returns/photos/{photo.pk}/"),
        (rival, f"/dashboard/returns/{found.pk}/"),
        (rival, f"/dashboard/returns/photos/{photo.pk}/"),
        (api(other, owner), f"/api/v1/returns/{found.pk}/"),
        (api(other, owner), f"/api/v1/return-photos/{photo.pk}/"),
    ):
        assert client.get(address).status_code in {302, 404}, address
    signs_in = anybody.get(f"/orders/{part.order.number}/returns/{found.pk}/")  # a letter's link in another browser
    assert signs_in.headers["Location"].startswith("/account/sign-in/?next=/orders/")
    assert photo.file.startswith(f"returns/{part.order.pk}/")


@LONG
def test_a_file_that_is_no_picture_is_refused_and_nothing_is_asked_for(part: SubOrder, item: Stocked) -> None:
    units = f"units-{part.pk.hex}-{item.variant_id.hex}"
    no_picture = SimpleUploadedFile("seam.jpg", b"<svg/>", content_type="image/jpeg")
    asked = {units: "1", "reason": "It arrived broken", "photo_1": no_picture}
    assert guest(part).post(f"/orders/{part.order.number}/return/", asked).status_code == 422
    assert not Return.objects.exists()
    assert not ReturnPhoto.objects.exists()


def send(client: Any, address: str, body: dict[str, Any]) -> Any:
    return client.post(address, body, format="json", headers={"Idempotency-Key": uuid7().hex})


@LONG
def test_a_return_over_the_api(part: SubOrder, item: Stocked) -> None:
    buyer = APIClient(HTTP_HOST=settings.BASE_DOMAIN, headers={"X-Order-Key": part.order.access_key})
    returns = f"/api/v1/orders/{part.order.number}/returns/"
    key = {"Idempotency-Key": uuid7().hex}
    photo = buyer.post(
        f"/api/v1/orders/{part.order.number}/return-photos/", {"image": upload()}, format="multipart", headers=key
    ).json()["data"]["id"]
    line = {"line_id": str(item.variant_id), "quantity": 2}
    body = {"lines": [line], "reason": "It arrived torn", "note": "The seam", "photos": [photo]}
    made = send(buyer, returns, body)
    assert made.status_code == 201
    found = made.json()["data"]
    assert (found["status"], found["allowed_moves"], found["photos"]) == ("requested", ["cancel"], [{"id": photo}])
    assert send(buyer, returns, {**body, "photos": []}).json()["code"] in {"units_not_left", "not_returnable"}
    assert send(buyer, returns, {"lines": [line]}).status_code == 400
    assert send(buyer, f"{returns}{found['id']}/escalate/", {"message": "Now"}).json()["code"] == "escalation_too_early"

    shop: Any = api(part.shop, member(part.shop))
    own = f"/api/v1/returns/{found['id']}/"
    [listed] = shop.get("/api/v1/returns/?status=requested").json()["data"]["results"]
    assert listed["allowed_moves"] == ["accept", "refuse", "ask"]
    assert send(shop, f"{own}receive/", {}).json()["code"] == "wrong_return_step"
    assert send(shop, f"{own}ask/", {"message": "Which?"}).json()["data"]["status"] == "asked"
    assert send(buyer, f"{returns}{found['id']}/reply/", {"message": "Left"}).json()["data"]["status"] == "requested"
    assert send(shop, f"{own}accept/", {"instructions": "To us"}).json()["data"]["instructions"] == "To us"
    received = send(shop, f"{own}receive/", {"written_off": [{**line, "quantity": 1}], "delivery_minor": 500})
    assert (received.json()["data"]["status"], received.json()["data"]["refund_minor"]) == ("received", 2_000_500)
    told = buyer.get(f"/api/v1/orders/{part.order.number}/").json()["data"]
    assert [each["status"] for each in told["returns"]] == ["received"]
    assert told["amounts"]["refunded_minor"] == 2_000_500
    [in_shop] = shop.get(f"/api/v1/vendor-orders/{part.number}/").json()["data"]["returns"]
    assert in_shop["id"] == found["id"]


def test_days_for_returns_are_set_on_the_page_and_over_the_api(part: SubOrder) -> None:
    owner = member(part.shop)
    shop = page_client(part.shop, owner)
    assert shop.get("/dashboard/settings/returns/").status_code == 200
    assert shop.post("/dashboard/settings/returns/", {"days": "3"}).status_code == 422
    assert shop.post("/dashboard/settings/returns/", {"days": "30"}).status_code == 302
    program: Any = api(part.shop, owner)
    assert program.get("/api/v1/return-terms/").json()["data"] == {"days": 30, "market_days": 14, "categories": {}}
    assert program.put("/api/v1/return-terms/", {"days": 2}, format="json").status_code == 400
    set_ = program.put("/api/v1/return-terms/", {"days": None}, format="json").json()["data"]
    assert set_["days"] is None
