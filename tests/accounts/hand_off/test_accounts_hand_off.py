"""Signing in at a shop's own domain by a hand-off from the platform."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from accounts.redirects import sign_in_url
from tenants.models import Role, Shop
from tests.world.clock import NOW
from tests.world.factories.people import PASSWORD, person
from tests.world.hand_off import HAND_OFF, HOST, ORIGIN, WANTED, Browser, onward

pytestmark = pytest.mark.django_db


def test_a_vendor_signs_in_on_the_platform_and_lands_on_the_wanted_page(indigo: Shop) -> None:
    vendor = person(email="ada@example.com")
    from tenants.staff.members import add_member

    add_member(shop_id=indigo.pk, user_id=vendor.pk, role=Role.OWNER, now=NOW)
    browser = Browser()
    away = browser.leave()
    to_form = browser.open(away)
    assert to_form.status_code == 302
    form = urlsplit(to_form.headers["Location"])
    assert (form.netloc, form.path) == ("kasuwa.localhost:8000", "/account/sign-in/")
    [back] = parse_qs(form.query)["next"]
    posted = browser.at("kasuwa.localhost").post(
        "/account/sign-in/", {"login": "ada@example.com", "password": PASSWORD, "next": back}
    )
    handed_over = browser.open(posted.headers["Location"])
    # A page, not a redirect: browsers hold what follows a form to the form's `form-action`.
    assert (handed_over.status_code, "Location" in handed_over.headers) == (200, False)
    landing = browser.open(onward(handed_over))
    assert (landing.status_code, landing.headers["Location"]) == (302, ORIGIN + WANTED)
    assert browser.open(landing.headers["Location"]).status_code == 200
    assert browser.is_in()


def test_who_has_signed_in_on_the_platform_is_asked_nothing(browser: Browser) -> None:
    address = browser.fetch()
    assert address.startswith(f"{ORIGIN}{HAND_OFF}?token=")
    assert browser.open(address).headers["Location"] == ORIGIN + WANTED
    assert browser.is_in()


def test_nothing_of_it_is_cached_or_told_to_others(browser: Browser) -> None:
    at_shop = browser.open(ORIGIN + WANTED)
    on_platform = browser.open(at_shop.headers["Location"])
    arrived = browser.open(onward(on_platform))
    for answer in (at_shop, on_platform, arrived, browser.open(onward(on_platform))):
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_cookies_are_the_domains_alone(browser: Browser, settings: LazySettings) -> None:
    away = browser.open(ORIGIN + WANTED)
    arrived = browser.open(browser.fetch())
    for answer, name in ((away, "kasuwa_hand_off"), (arrived, "kasuwa_session"), (arrived, "kasuwa_csrf")):
        cookie = answer.cookies[name]
        assert cookie["domain"] == ""
        assert cookie["samesite"] == "Lax"
        assert cookie["httponly"] or name == "kasuwa_csrf"
    on_platform = browser.at("kasuwa.localhost").get("/account/profile/")
    assert on_platform.cookies["kasuwa_csrf"]["domain"] == "kasuwa.localhost"
    settings.SESSION_COOKIE_SECURE = True
    secure = Browser().open(ORIGIN + WANTED).cookies["__Host-kasuwa_hand_off"]
    assert (secure["secure"], secure["domain"], secure["path"]) == (True, "", "/")


def test_hsts_covers_the_shops_other_subdomains_nowhere(indigo: Shop, settings: LazySettings) -> None:
    settings.SECURE_HSTS_SECONDS = 3600
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    own = Client(HTTP_HOST=HOST).get("/health/live", secure=True)
    platform = Client(HTTP_HOST="kasuwa.localhost").get("/health/live", secure=True)
    assert own["Strict-Transport-Security"] == "max-age=3600"
    assert platform["Strict-Transport-Security"] == "max-age=3600; includeSubDomains"


def test_the_session_there_is_a_new_one(browser: Browser, copper: Shop) -> None:
    browser.at(HOST).cookies["kasuwa_session"] = "chosen-by-somebody-else"
    browser.open(browser.fetch())
    key = browser.at(HOST).cookies["kasuwa_session"].value
    assert key not in {"chosen-by-somebody-else", browser.at("kasuwa.localhost").cookies["kasuwa_session"].value}


def test_two_tabs_may_be_away_at_once(browser: Browser) -> None:
    first, second = browser.leave("/dashboard/"), browser.leave(WANTED)
    for away in (first, second):
        assert browser.open(onward(browser.open(away))).status_code == 302
    assert browser.is_in()


def test_forms_are_sent_with_the_domains_own_token(indigo: Shop, vendor: User) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.sign_in(vendor)
    browser.open(browser.fetch())
    shop = browser.at(HOST)
    shop.get("/account/sign-out/")
    token = shop.cookies["kasuwa_csrf"].value
    for origin, status in (("http://evil.example", 403), (ORIGIN, 302)):
        answer = shop.post("/account/sign-out/", {"csrfmiddlewaretoken": token}, headers={"origin": origin})
        assert answer.status_code == status, origin
    assert not browser.is_in()


def test_signing_out_there_leaves_the_platform_alone(browser: Browser) -> None:
    browser.open(browser.fetch())
    browser.at(HOST).post("/account/sign-out/")
    assert not browser.is_in()
    assert browser.at("kasuwa.localhost").get("/account/profile/").status_code == 200


def test_a_new_password_ends_both(browser: Browser, vendor: User) -> None:
    browser.open(browser.fetch())
    vendor.set_password("another-secret-2")
    vendor.save()
    assert not browser.is_in()
    assert browser.at("kasuwa.localhost").get("/account/profile/").status_code == 302


def test_who_does_not_work_there_is_asked_first(indigo: Shop, buyer: User) -> None:
    browser = Browser()
    browser.sign_in(buyer)
    away = browser.leave()
    asked = browser.open(away)
    assert "Refresh" not in asked.headers
    assert asked.headers["Referrer-Policy"] == "same-origin"  # else its form is posted with "Origin: null"
    assert asked.headers["Cache-Control"] == "no-store"
    assert "Sign in to indigo.example?" in asked.content.decode()
    parts = urlsplit(away)
    address = onward(browser.at("kasuwa.localhost").post(f"{parts.path}?{parts.query}"))
    assert browser.open(address).status_code == 302
    assert browser.at(HOST).get("/dashboard/").status_code == 404  # signed in, and not their shop


def test_links_and_roles_lead_to_the_domain(indigo: Shop, vendor: User, api_client: APIClient) -> None:
    api_client.force_authenticate(vendor)
    [role] = api_client.get("/api/v1/auth/user/").json()["data"]["roles"]
    assert role["dashboard_url"] == f"{ORIGIN}/dashboard/"


def test_signing_in_may_lead_to_a_shops_own_domain(vendor: User) -> None:
    there = sign_in_url(f"{ORIGIN}/dashboard/")
    assert parse_qs(urlsplit(there).query)["next"] == [f"{ORIGIN}/dashboard/"]
    person(email="ada@example.com")
    form = {"login": "ada@example.com", "password": PASSWORD, "next": f"{ORIGIN}/dashboard/"}
    assert onward(Client(HTTP_HOST="kasuwa.localhost").post("/account/sign-in/", form)) == f"{ORIGIN}/dashboard/"
