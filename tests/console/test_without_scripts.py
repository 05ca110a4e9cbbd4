"""An operator's daily work without scripts: each step is a link or a form of the page before."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from console.models import AuditEntry
from tenants.models import Shop, ShopApplication
from tests.world.applications import submitted
from tests.world.own_shop import staffed
from tests.world.plain_browser import PlainBrowser

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(console: Client) -> PlainBrowser:
    return PlainBrowser(console, settings.BASE_DOMAIN).open("/operator/")


def test_an_application_is_approved(paystack: Any, desk: PlainBrowser) -> None:
    application = submitted()
    desk.open("/operator/applications/").follow(application.shop_name).press("Approve")
    assert "is there, as a draft. Its owner has been written to." in desk.page.text
    assert Shop.objects.filter(slug=application.slug).exists()


def test_an_application_is_refused_with_a_reason(paystack: Any, desk: PlainBrowser) -> None:
    application = submitted()
    desk.open("/operator/applications/").follow(application.shop_name).press("Refuse")
    assert desk.status == 400
    assert ShopApplication.objects.get().status == "submitted"
    desk.fill("Why not?", "We have three such shops in this town.").press("Refuse")
    assert ShopApplication.objects.get().status == "refused"
    assert "We have three such shops in this town." in desk.page.text


def test_an_order_is_found_by_a_part_of_its_number(desk: PlainBrowser) -> None:
    part = staffed("indigo-fabrics").number
    number = part.rpartition("-")[0]
    desk.fill("Search", number[4:9].lower()).press("Search").follow(number)
    assert (desk.status, desk.path, part in desk.page.text) == (200, f"/operator/orders/{number}/", True)


def test_a_shop_is_looked_into_with_a_reason_and_left_again(desk: PlainBrowser) -> None:
    own = staffed("indigo-fabrics")
    desk.open("/operator/shops/").follow(own.shop.name)
    desk.fill("Reason", "A buyer cannot find a parcel.").press("View the shop")
    assert desk.host.partition(":")[0] == f"indigo-fabrics.{settings.BASE_DOMAIN}"
    assert desk.path == "/dashboard/"
    assert AuditEntry.objects.filter(reason="A buyer cannot find a parcel.").count() == 1
    desk.press("Stop viewing")
    assert desk.host.partition(":")[0] == settings.BASE_DOMAIN
    assert desk.open(f"//{own.shop.slug}.{settings.BASE_DOMAIN}/dashboard/").status == 404
