"""Account addresses on a shop's host."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from rest_framework.test import APIClient

from tests.world.factories.people import PASSWORD, person

pytestmark = pytest.mark.django_db


def test_a_vendor_signs_in_on_the_platform_and_comes_back(
    client: Client, shops: list[Any], shop_client: Callable[[Any], Client]
) -> None:
    person(email="vendor@example.com")
    there = shop_client(shops[0]).get("/account/sign-in/", {"next": "/dashboard/orders/?state=new"})
    address = urlsplit(there["Location"])
    assert (address.netloc, address.path) == ("kasuwa.localhost:8000", "/account/sign-in/")
    back = parse_qs(address.query)["next"][0]
    assert back == "http://indigo-fabrics.kasuwa.localhost:8000/dashboard/orders/?state=new"

    form = {"login": "vendor@example.com", "password": PASSWORD, "next": back}
    assert client.post("/account/sign-in/", form)["Location"] == back
    assert client.cookies["kasuwa_session"]["domain"] == "kasuwa.localhost"


def test_a_foreign_way_back_is_dropped(shops: list[Any], shop_client: Callable[[Any], Client]) -> None:
    there = shop_client(shops[0]).get("/account/sign-in/", {"next": "https://evil.example/"})
    assert there["Location"] == "http://kasuwa.localhost:8000/account/sign-in/"


def test_signing_out_works_on_a_shops_host(shops: list[Any], shop_client: Callable[[Any], Client]) -> None:
    browser = shop_client(shops[0])
    browser.force_login(person())
    assert browser.post("/account/sign-out/").status_code == 302
    assert "_auth_user_id" not in browser.session


def test_signing_in_tells_the_roles_in_shops(api_client: APIClient, shops: list[Any]) -> None:
    answer = api_client.post(
        "/api/v1/auth/login/", {"email": "fabrics@example.com", "password": "secret-pass-1"}
    ).json()
    assert answer["data"]["user"]["roles"] == [
        {
            "shop": {"slug": "indigo-fabrics", "name": "Indigo Fabrics"},
            "role": "owner",
            "dashboard_url": "http://indigo-fabrics.kasuwa.localhost:8000/dashboard/",
        }
    ]


def test_a_page_on_a_shops_host_leads_back_to_the_market(
    shops: list[Any], shop_client: Callable[[Any], Client], client: Client
) -> None:
    browser = shop_client(shops[0])
    browser.force_login(person())
    there = browser.get("/account/sign-out/").text
    market = "http://kasuwa.localhost:8000"
    for path in ("/", "/search/", "/cart/", "/orders/", "/sell/"):
        assert f'href="{market}{path}"' in there, path
    assert f'action="{market}/search/"' in there
    assert re.search(r"<ul>\s*</ul>", there) is None
    here = client.get("/account/sign-in/").text
    assert 'href="/search/"' in here
    assert f'href="{market}/search/"' not in here
