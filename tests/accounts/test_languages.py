"""The language of pages: asked for, chosen, kept, and never mixed up by a cache."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, override
from rest_framework.test import APIClient

from tests.texts.catalogue import forms, read_catalogue
from tests.world.factories.catalogue import add_product
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
COOKIE = "kasuwa_language"
SWITCH = "/account/language/"


def language_of(client: Client, **headers: str) -> str:
    response = client.get("/", headers=headers)
    page = response.content.decode()
    language = page.split('<html lang="', 1)[1].split('"', 1)[0]
    assert response["Content-Language"].lower() == language.lower()
    return language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("fr", "fr"),
        ("fr-CI, en;q=0.5", "fr"),
        ("en, fr;q=0.9", "en-GB"),
        ("de, fr;q=0.4, en;q=0.2", "fr"),
        ("de", "en-GB"),
        ("*", "en-GB"),
        ("", "en-GB"),
        ("fr;q=nonsense,,;=", "en-GB"),
        ("x" * 100_000, "en-GB"),
    ],
)
def test_a_page_speaks_the_first_language_that_the_browser_asks_for(client: Client, header: str, language: str) -> None:
    assert language_of(client, accept_language=header) == language


def test_the_language_of_one_request_is_not_that_of_the_next(client: Client) -> None:
    assert language_of(client, accept_language="fr") == "fr"
    assert language_of(client) == "en-GB"


def test_the_switch_keeps_the_language_and_leads_back(client: Client) -> None:
    answer = client.post(SWITCH, {"language": "fr", "next": "/search/?q=tote&page=2"})
    assert (answer.status_code, answer["Location"]) == (302, "/search/?q=tote&page=2")
    kept = answer.cookies[COOKIE]
    assert (kept.value, kept["domain"], kept["samesite"], bool(kept["httponly"])) == (
        "fr",
        settings.BASE_DOMAIN,
        "Lax",
        True,
    )
    assert language_of(client, accept_language="en") == "fr"
    client.post(SWITCH, {"language": "en-gb", "next": "/"})
    assert language_of(client, accept_language="fr") == "en-GB"


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:x", "", "x"]
)
def test_the_switch_leads_nowhere_else(client: Client, wanted: str) -> None:
    assert client.post(SWITCH, {"language": "fr", "next": wanted})["Location"] == "/"


@pytest.mark.parametrize("language", ["de", "", "fr-FR", "../fr", "en"])
def test_a_language_that_the_market_does_not_speak_is_not_kept(client: Client, language: str) -> None:
    assert COOKIE not in client.post(SWITCH, {"language": language, "next": "/"}).cookies


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_a_page_of_somebody_else_switches_nothing(client: Client, buyer: Any, origin: str) -> None:
    client.force_login(buyer)
    answer = client.post(SWITCH, {"language": "fr", "next": "/"}, headers={"origin": origin})
    assert answer.status_code == 403
    buyer.refresh_from_db()
    assert (buyer.language, COOKIE in answer.cookies) == ("", False)


def test_the_switch_is_no_address_to_follow(client: Client) -> None:
    assert client.get(SWITCH).status_code == 405


def test_an_unknown_language_in_the_cookie_counts_as_none(client: Client) -> None:
    client.cookies[COOKIE] = "xx"
    assert language_of(client, accept_language="fr") == "fr"


def test_the_switch_is_kept_with_the_account(client: Client, buyer: Any) -> None:
    client.force_login(buyer)
    client.post(SWITCH, {"language": "fr", "next": "/"})
    buyer.refresh_from_db()
    assert buyer.language == "fr"


def sign_in(client: Client, **headers: str) -> Any:
    form = {"login": "buyer@example.com", "password": "correct horse battery"}
    answer = client.post("/account/sign-in/", form, headers=headers)
    assert answer.status_code == 302
    return answer


def test_signing_in_elsewhere_brings_the_language_along(client: Client, buyer: Any) -> None:
    buyer.language = "fr"
    buyer.set_password("correct horse battery")
    buyer.save()
    assert sign_in(client, accept_language="en").cookies[COOKIE].value == "fr"
    assert language_of(client, accept_language="en") == "fr"


def test_somebody_without_a_language_keeps_the_one_that_they_chose_before(client: Client, buyer: Any) -> None:
    buyer.set_password("correct horse battery")
    buyer.save()
    assert COOKIE not in sign_in(client, accept_language="fr").cookies
    buyer.refresh_from_db()
    assert buyer.language == ""
    other = Client(HTTP_HOST=settings.BASE_DOMAIN)
    other.post(SWITCH, {"language": "fr", "next": "/"})
    sign_in(other)
    buyer.refresh_from_db()
    assert buyer.language == "fr"


def test_the_profile_keeps_the_language(client: Client, buyer: Any) -> None:
    client.force_login(buyer)
    form = {"name": "Ada", "phone": "", "time_zone": "", "language": "fr"}
    answer = client.post("/account/profile/", form)
    assert answer.cookies[COOKIE].value == "fr"
    assert language_of(client) == "fr"
    client.post("/account/profile/", form | {"language": ""})
    assert language_of(client) == "en-GB"
    assert client.post("/account/profile/", form | {"language": "xx"}).status_code == 200
    buyer.refresh_from_db()
    assert buyer.language == ""


def test_pages_vary_by_language_and_what_is_public_does_not(client: Client, api_client: APIClient) -> None:
    shop = open_shop("indigo-fabrics")
    product = add_product(shop, "Tote")
    for path in ("/", "/search/", f"/products/{product.id}/", "/nowhere/"):
        assert {"Accept-Language", "Cookie"} <= set(client.get(path)["Vary"].split(", ")), path
    for path in ("/api/v1/listings/", f"/api/v1/listings/{product.id}/", "/api/v1/categories/"):
        english, french = (api_client.get(path, headers={"accept-language": code}) for code in ("en", "fr"))
        assert english["Vary"] == "Accept"
        assert (english.content, english["ETag"]) == (french.content, french["ETag"])


def test_a_refusal_of_the_api_is_in_the_language_of_the_caller(api_client: APIClient) -> None:
    answer = api_client.get("/api/v1/listings/?cursor=nonsense", headers={"accept-language": "fr"})
    assert answer.status_code == 400
    assert "Accept-Language" in answer["Vary"]


def test_remembered_parts_of_a_page_do_not_mix_languages(client: Client) -> None:
    add_product(open_shop("indigo-fabrics"), "Tote")
    english = client.get("/search/").content.decode()
    french = client.get("/search/", headers={"accept-language": "fr"}).content.decode()
    assert client.get("/search/").content.decode() == english
    assert "₦18,500" in english
    assert "₦" not in french
    assert "18\xa0500\xa0NGN" in french


def texts_of(page: str) -> set[str]:
    """Return what stands between the tags of a page, and in its labels."""
    body = re.sub(r"<(script|style|svg)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    labels = re.findall(r'(?:aria-label|title|placeholder|alt|data-label)="([^"]+)"', body)
    return {" ".join(unescape(text).split()) for text in [*re.split(r"<[^>]+>", body), *labels]}


def test_french_pages_are_not_half_english(client: Client, buyer: Any) -> None:
    """No text that stands on a page is one that the catalogue has in French."""
    product = add_product(open_shop("indigo-fabrics"), "Tote")
    with override("fr"):
        texts = [forms(message.id)[0] for message in read_catalogue("fr")]  # those of the product (test_texts.py)
        french = {text for text in texts if len(text.split()) > 1 and gettext(text) != text}
    client.cookies[COOKIE] = "fr"
    paths = ["/", "/search/", "/search/?q=nothing+like+it", f"/products/{product.id}/", "/shops/indigo-fabrics/"]
    paths += ["/cart/", "/account/sign-in/", "/account/sign-up/", "/account/password/reset/", "/nowhere/"]
    signed_in = ["/orders/", "/notifications/", "/account/profile/", "/account/addresses/", "/account/addresses/add/"]
    signed_in += ["/account/password/change/", "/account/data/", "/account/data/delete/", "/account/shops/"]
    found = {path: texts_of(client.get(path).content.decode()) & french for path in paths}
    client.force_login(buyer)
    found |= {path: texts_of(client.get(path).content.decode()) & french for path in signed_in}
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_a_page_in_english_is_found_by_the_same_means(client: Client) -> None:
    assert "Your basket is empty" in texts_of(client.get("/cart/").content.decode())
