"""Steps of many orders at once: each is judged as by itself, and the refused ones are named with their reason."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from checkout.fulfilling.advance_part import deliver_part, pack_part, ship_part
from checkout.fulfilment.services import Parcel
from checkout.models import SubOrder
from tenants.models import Role
from tests.world.market import open_shop, stock
from tests.world.own_shop import Staffed, api, member, order_status, page_client, paid_order, staffed

pytestmark = pytest.mark.django_db
SHIP = "/dashboard/orders/ship/"
BULK = "/api/v1/vendor-orders/bulk/"


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


@pytest.fixture
def desk(own: Staffed) -> Client:
    return page_client(own.shop, member(own.shop, Role.FULFILMENT))


@pytest.fixture
def three(own: Staffed) -> list[str]:
    return [own.number, paid_order(own.stocked, quantity=2), paid_order(own.stocked)]


def text_of(page: Any) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


def tracking_of(number: str) -> dict[str, str]:
    tracking: dict[str, str] = SubOrder.objects.get(number=number).tracking
    return tracking


def form_of(numbers: list[str], **more: Any) -> dict[str, Any]:
    typed = {f"{number}-tracking_number": f"GIG-{place}" for place, number in enumerate(numbers)}
    return {"ids": numbers, **typed, **more}


def test_selected_orders_are_shipped_each_with_its_number(own: Staffed, desk: Client, three: list[str]) -> None:
    answer = desk.post("/dashboard/orders/bulk/", {"ids": three[:2], "action": "ship"}, follow=True)
    page = text_of(answer)
    assert three[0] in page
    assert three[2] not in page
    form = form_of(three[:2], carrier="GIG", **{f"{three[1]}-carrier": "Kwik"})
    done = desk.post(SHIP, form, follow=True)
    assert "2 orders are on their way. We are telling their buyers." in text_of(done)
    assert tracking_of(three[0]) == {"carrier": "GIG", "number": "GIG-0"}
    assert tracking_of(three[1]) == {"carrier": "Kwik", "number": "GIG-1"}
    assert order_status(own.shop, three[2]) == ("new", "new")


def test_refused_orders_stay_on_the_page_with_the_reason_and_what_was_typed(
    own: Staffed, desk: Client, three: list[str]
) -> None:
    gone = three[1]
    ship_part(shop=own.shop, number=gone, parcel=Parcel("Kwik", "NG1"), now=timezone.now())
    page = desk.post(SHIP, form_of([*three, "KS-NOBODY-1"], carrier="GIG"))
    assert page.status_code == 422
    text = text_of(page)
    assert "2 orders are on their way." in text
    assert "This order's status is “Shipped” now." in text
    assert "There is no order KS-NOBODY-1 in this shop." in text
    html = page.content.decode()
    assert 'value="GIG-1"' in html
    assert three[0] not in html
    assert [order_status(own.shop, number)[1] for number in three] == ["shipped"] * 3
    assert tracking_of(gone) == {"carrier": "Kwik", "number": "NG1"}


def test_a_number_that_is_too_long_ships_nothing(own: Staffed, desk: Client, three: list[str]) -> None:
    page = desk.post(SHIP, form_of(three) | {f"{three[2]}-tracking_number": "x" * 81})
    assert page.status_code == 422
    assert {order_status(own.shop, number)[1] for number in three} == {"new"}
    page = desk.post(SHIP, form_of(three, carrier="x" * 81))
    assert page.status_code == 422
    assert {order_status(own.shop, number)[1] for number in three} == {"new"}


def test_without_a_selection_everything_that_is_packed_is_offered(own: Staffed, desk: Client, three: list[str]) -> None:
    assert "Nothing to ship" in text_of(desk.get(SHIP))
    pack_part(shop=own.shop, number=three[0], now=timezone.now())
    page = text_of(desk.get(SHIP))
    assert three[0] in page
    assert three[1] not in page


@pytest.mark.parametrize(
    "lines",
    [
        "{0},GIG-1,Kwik\n{1},GIG-2\n",
        "{0};GIG-1;Kwik\r\n\r\n{1};GIG-2",
        "{0}\tGIG-1\tKwik\n{1}\tGIG-2\n",
        "Carrier,Tracking number,Order\nKwik,GIG-1,{0}\n,GIG-2,{1}\n",
    ],
)
@pytest.mark.parametrize("is_file", [False, True])
def test_pasted_lines_and_files_fill_the_rows_and_ship_nothing(
    own: Staffed, desk: Client, three: list[str], lines: str, is_file: bool
) -> None:
    text = lines.format(three[0].lower(), three[1])
    sent = {"file": SimpleUploadedFile("numbers.csv", text.encode())} if is_file else {"pasted": text}
    page = desk.post(SHIP, {"ids": three[:1], "fill": "yes", **sent})
    assert page.status_code == 200
    forms = {row.number: row.form.initial for row in page.context["rows"]}
    assert forms == {
        three[0]: {"carrier": "Kwik", "tracking_number": "GIG-1"},
        three[1]: {"carrier": "", "tracking_number": "GIG-2"},
    }
    assert {order_status(own.shop, number)[1] for number in three} == {"new"}


def test_tracking_numbers_by_themselves_are_given_from_the_top(desk: Client, three: list[str]) -> None:
    page = desk.post(SHIP, {"ids": three, "fill": "yes", "pasted": "GIG-1\nGIG-2\n"})
    numbers = [row.form.initial["tracking_number"] for row in page.context["rows"]]
    assert numbers == ["GIG-1", "GIG-2", ""]


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"pasted": ""}, "Paste some tracking numbers, or choose a file, first."),
        ({"pasted": "a\nb\nc\nd"}, "There are more tracking numbers (4) than orders on this page (3)."),
        ({"pasted": "KS-ONE-1,\nKS-TWO-1,7"}, "Line 1: the tracking number of KS-ONE-1 is missing."),
        ({"pasted": "KS-ONE-1,6\nKS-ONE-1,7"}, "Line 2: KS-ONE-1 comes a second time."),
        ({"pasted": "hello,6\nKS-ONE-1,7"}, "Line 1: “HELLO” is not the number of an order."),
        ({"pasted": "\n".join(f"KS-{n}-1,7" for n in range(101))}, "At most 100 lines at once."),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")}, "Save the table as"),
        ({"file": SimpleUploadedFile("a.csv", b"a" * 300_000)}, "The file is too large"),
    ],
)
def test_lines_that_cannot_be_read_are_named(desk: Client, three: list[str], sent: dict[str, Any], words: str) -> None:
    page = desk.post(SHIP, {"ids": three, "fill": "yes", **sent})
    assert page.status_code == 422
    assert words in text_of(page)
    assert [row.number for row in page.context["rows"]][:3] == three


def test_more_than_a_hundred_orders_are_refused_and_none_is_left_out_in_silence(
    own: Staffed, desk: Client, three: list[str]
) -> None:
    others = [f"KS-{number}-1" for number in range(98)]
    words = "At most 100 orders at once. Nothing was changed."
    lines = [f"{number},7" for number in others]
    pasted = {"ids": three, "fill": "yes", "pasted": "\n".join(lines)}
    for address, form in ((SHIP, pasted), (SHIP, form_of([*three, *others]))):
        page = desk.post(address, form)
        assert (page.status_code, words in text_of(page)) == (422, True)
        assert [row.number for row in page.context["rows"]][:3] == three
    for action in ("pack", "deliver", "ship", "packing-list"):
        answer = desk.post("/dashboard/orders/bulk/", {"ids": [*three, *others], "action": action}, follow=True)
        assert words in text_of(answer), action
    assert {order_status(own.shop, number)[1] for number in three} == {"new"}
    assert desk.post(SHIP, {**pasted, "pasted": "\n".join(lines[1:])}).status_code == 200


def test_the_list_says_what_to_pack(own: Staffed, desk: Client, three: list[str]) -> None:
    assert "2 × Product SECRET-indigo-fabrics" in text_of(desk.get("/dashboard/orders/"))
    rows = api(own.shop, member(own.shop)).get("/api/v1/vendor-orders/").json()["data"]["results"]
    assert [line["quantity"] for row in rows for line in row["lines"]] == [1, 2, 1]


def test_the_packing_list_sums_the_items(own: Staffed, desk: Client, three: list[str]) -> None:
    answer = desk.post("/dashboard/orders/bulk/", {"ids": three[:2], "action": "packing-list"}, follow=True)
    assert [(item["quantity"], len(item["parcels"])) for item in answer.context["items"]] == [(3, 2)]
    assert text_of(answer).count("Packing slip") == 2
    assert three[2] not in text_of(answer)
    everything = desk.get("/dashboard/orders/packing-list/")
    assert [item["quantity"] for item in everything.context["items"]] == [4]


def test_other_shops_orders_are_not_on_the_pages(own: Staffed, desk: Client) -> None:
    other = paid_order(stock(open_shop("kano-caps"), sku="CAP"))
    for address in (SHIP, "/dashboard/orders/packing-list/"):
        assert "CAP" not in text_of(desk.get(f"{address}?ids={other}"))
    assert desk.post(SHIP, form_of([other])).status_code == 422
    assert SubOrder.objects.get(number=other).status == "new"


def test_orders_are_delivered_in_bulk_and_the_refused_ones_named(own: Staffed, desk: Client, three: list[str]) -> None:
    for number in three[:2]:
        ship_part(shop=own.shop, number=number, parcel=Parcel(), now=timezone.now())
    deliver_part(shop=own.shop, number=three[1], now=timezone.now())
    answer = desk.post("/dashboard/orders/bulk/", {"ids": three, "action": "deliver"}, follow=True)
    text = text_of(answer)
    assert "1 order is delivered." in text
    assert f"{three[1]}: This order's status is “Delivered” now. Possible now: refund." in text
    assert f"{three[2]}: This order's status is “To pack” now. Possible now: mark packed, mark shipped" in text
    assert [order_status(own.shop, number)[1] for number in three] == ["delivered", "delivered", "new"]
    assert desk.post("/dashboard/orders/bulk/", {"ids": three, "action": "explode"}).status_code == 404


def test_the_api_takes_the_same_steps(own: Staffed, three: list[str]) -> None:
    caller = api(own.shop, member(own.shop, Role.FULFILMENT))
    packed = caller.post(f"{BULK}pack/", {"numbers": [*three, three[0]]}, format="json").json()["data"]
    assert packed == {"done": three, "refused": []}
    parcels = [
        {"number": three[0], "carrier": "GIG", "tracking_number": "GIG-1"},
        {"number": three[1]},
        {"number": "KS-NOBODY-1"},
    ]
    shipped = caller.post(f"{BULK}ship/", {"parcels": parcels}, format="json").json()["data"]
    assert shipped["done"] == three[:2]
    assert [(each["number"], each["code"]) for each in shipped["refused"]] == [("KS-NOBODY-1", "not_found")]
    assert tracking_of(three[0]) == {"carrier": "GIG", "number": "GIG-1"}
    delivered = caller.post(f"{BULK}deliver/", {"numbers": three}, format="json").json()["data"]
    assert delivered["done"] == three[:2]
    assert [(each["number"], each["code"]) for each in delivered["refused"]] == [(three[2], "wrong_step")]


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("pack", {}),
        ("pack", {"numbers": []}),
        ("deliver", {"numbers": [f"KS-{n}-1" for n in range(101)]}),
        ("ship", {"parcels": [{"carrier": "GIG"}]}),
        ("ship", {"parcels": [{"number": "KS-1-1", "tracking_number": "x" * 81}]}),
        ("ship", {"parcels": [{"number": "KS-1-1", "colour": "red"}]}),
    ],
)
def test_the_api_refuses_calls_that_it_cannot_read(own: Staffed, step: str, body: dict[str, Any]) -> None:
    caller = api(own.shop, member(own.shop))
    assert caller.post(f"{BULK}{step}/", body, format="json").status_code == 400
    assert order_status(own.shop, own.number) == ("new", "new")


def test_accountants_ship_nothing(own: Staffed, three: list[str]) -> None:
    accountant: User = member(own.shop, Role.ACCOUNTANT)
    assert page_client(own.shop, accountant).post(SHIP, form_of(three)).status_code == 403
    assert api(own.shop, accountant).post(f"{BULK}pack/", {"numbers": three}, format="json").status_code == 403
    assert {order_status(own.shop, number)[1] for number in three} == {"new"}


def test_an_order_that_is_named_twice_is_refused_over_the_api(own: Staffed, three: list[str]) -> None:
    parcels = [{"number": three[0], "tracking_number": tracking} for tracking in ("A1", "B2")]
    client = api(own.shop, member(own.shop))
    refused = client.post("/api/v1/vendor-orders/bulk/ship/", {"parcels": parcels}, format="json")
    assert (refused.status_code, refused.json()["errors"]["parcels"][0]["code"]) == (400, "repeated_value")
    assert order_status(own.shop, three[0]) == ("new", "new")
