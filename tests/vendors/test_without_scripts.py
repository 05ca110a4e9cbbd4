"""A shop's daily work without scripts: each step is a link or a form of the page before."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_tenants.utils import schema_context

from accounts.models import User
from catalogue.models import StockLevel, Variant
from checkout.models import SubOrder
from tests.world.factories.catalogue import picture
from tests.world.market import stock
from tests.world.own_shop import Staffed, member, order_status, page_client, paid_order, staffed
from tests.world.plain_browser import PlainBrowser
from tests.world.plain_page import PlainPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Staffed:
    return staffed("indigo-fabrics")


@pytest.fixture
def desk(own: Staffed) -> PlainBrowser:
    owner: User = member(own.shop)
    return PlainBrowser(page_client(own.shop, owner), f"{own.shop.slug}.{settings.BASE_DOMAIN}").open("/dashboard/")


def test_ten_orders_are_packed_and_shipped_with_their_numbers(own: Staffed, desk: PlainBrowser) -> None:
    numbers = [own.number, *(paid_order(own.stocked, now=timezone.now()) for _ in range(9))]
    desk.open("/dashboard/orders/?status=new")
    for number in numbers:
        desk.tick(f"Select {number}")
    desk.press("Mark packed")
    assert {order_status(own.shop, number) for number in numbers} == {("packed", "packed")}

    desk.open("/dashboard/orders/").follow("Ship 10 packed orders")
    desk.fill("Carrier of all", "GIG Logistics")
    for place, number in enumerate(numbers):
        desk.fill(f"Tracking number of {number}", f"GIG-{place}")
    desk.press("Mark shipped")
    assert "10 orders are on their way." in desk.page.text
    for place, number in enumerate(numbers):
        assert order_status(own.shop, number) == ("shipped", "shipped")
        assert SubOrder.objects.get(number=number).tracking == {"carrier": "GIG Logistics", "number": f"GIG-{place}"}


def test_pasted_tracking_numbers_fill_the_rows_before_anything_is_sent(own: Staffed, desk: PlainBrowser) -> None:
    other = paid_order(own.stocked)
    desk.open("/dashboard/orders/?status=new").tick(f"Select {own.number}").tick(f"Select {other}").press("Ship…")
    desk.fill("Pasted lines", f"{other}, NG-2\n{own.number}, NG-1").press("Fill in the rows")
    assert desk.page.labelled(f"Tracking number of {other}").value == "NG-2"
    assert order_status(own.shop, other) == ("new", "new")
    desk.fill("Carrier of all", "Kwik").press("Mark shipped")
    assert SubOrder.objects.get(number=own.number).tracking == {"carrier": "Kwik", "number": "NG-1"}


def test_one_stock_is_corrected_in_the_list(own: Staffed, desk: PlainBrowser) -> None:
    stock(own.shop, sku="OTHER-1", on_hand=5)
    desk.follow("Products")
    desk.fill("Stock on hand of OTHER-1", "33").press("Save OTHER-1")
    assert (desk.status, "OTHER-1 is saved." in desk.page.text) == (200, True)
    with schema_context(own.shop.schema_name):
        assert dict(StockLevel.objects.values_list("variant__sku", "on_hand"))["OTHER-1"] == 33


def test_a_refused_count_is_said_and_kept(own: Staffed, desk: PlainBrowser) -> None:
    sku = f"SECRET-{own.shop.slug}"
    desk.follow("Products").fill(f"Stock on hand of {sku}", "many").press(f"Save {sku}")
    assert desk.status == 422
    assert desk.page.labelled(f"Stock on hand of {sku}").value == "many"


def test_a_product_of_four_variants_is_made_of_its_values(own: Staffed, desk: PlainBrowser) -> None:
    desk.follow("Products").follow("Add product")
    desk.fill("Title", "Adire shirt")
    desk.fill("Option 1", "Size").fill("Values of option 1", "S, M, L, XL")
    desk.fill("SKU, variant 1", "SHIRT").fill("Price, variant 1", "18,500").fill("On hand, variant 1", "6")
    desk.press("Make a row for each value")
    upload = SimpleUploadedFile("shirt.jpg", picture().read(), content_type="image/jpeg")
    desk.attach("Add pictures", upload).choose("Status", "On sale").press("Save")
    assert "is saved" in desk.page.text, desk.page.text
    with schema_context(own.shop.schema_name):
        made = Variant.objects.filter(product__title="Adire shirt").order_by("position")
        assert [dict(each.options) for each in made] == [{"Size": size} for size in ("S", "M", "L", "XL")]
        assert {(each.price_minor, each.stock.on_hand) for each in made} == {(1_850_000, 6)}
        assert made[0].product.images.count() == 1


def test_what_only_scripts_open_cannot_be_reached() -> None:
    page = PlainPage.of(
        "<form><dialog><button>Ship</button></dialog><button type=button>Pack</button>"
        "<input hidden name=a aria-label=A></form><form id=late method=post></form><button form=late>Send</button>"
    )
    for text in ("Ship", "Pack"):
        with pytest.raises(AssertionError, match="no button"):
            page.button(text)
    with pytest.raises(AssertionError, match="no field"):
        page.labelled("A")
    assert page.form_of(page.button("Send")).method == "post"
