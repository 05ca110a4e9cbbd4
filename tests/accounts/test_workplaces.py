"""Signing in leads people to the place where they work, unless they came for something else."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from accounts.services.people import create_user
from tenants.models import Role
from tenants.staff.members import add_member
from tests.world.clock import NOW
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
PASSWORD = "market-day-77"


def person(name: str, *, is_operator: bool = False) -> User:
    return create_user(
        email=f"{name}@example.test", password=PASSWORD, name=name, is_email_verified=True, is_operator=is_operator
    )


def landing(user: User, query: str = "") -> str:
    client = Client(HTTP_HOST=settings.BASE_DOMAIN)
    answer = client.post(f"/account/sign-in/{query}", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def test_a_vendor_lands_on_the_dashboard_of_the_shop() -> None:
    shop, user = open_shop("cloth-hall"), person("bola")
    add_member(shop_id=shop.pk, user_id=user.pk, role=Role.FULFILMENT, now=NOW)
    assert landing(user) == "http://cloth-hall.kasuwa.localhost:8000/dashboard/"
    other = open_shop("kano-caps")
    add_member(shop_id=other.pk, user_id=user.pk, role=Role.VIEWER, now=NOW)
    assert landing(user) == "http://kasuwa.localhost:8000/account/shops/"


def test_an_operator_lands_on_the_console_and_a_buyer_on_the_market() -> None:
    assert landing(person("halima", is_operator=True)) == "http://kasuwa.localhost:8000/operator/"
    assert landing(person("ada")) == "/"


def test_who_came_for_a_page_gets_that_page() -> None:
    shop, user = open_shop("cloth-hall"), person("bola")
    add_member(shop_id=shop.pk, user_id=user.pk, role=Role.OWNER, now=NOW)
    assert landing(user, "?next=/cart/") == "/cart/"
    assert landing(user, "?next=https://evil.example/") == "http://cloth-hall.kasuwa.localhost:8000/dashboard/"
