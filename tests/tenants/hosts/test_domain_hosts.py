"""On which of its hosts a shop answers, and from which it sends on."""

from typing import Any

import pytest
from django.test import Client

from tenants.hosts.domains import make_primary
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.domains import prove
from tests.world.shops import make_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def indigo() -> Shop:
    return make_shop("indigo")


def get(host: str, path: str, method: str = "get") -> Any:
    return getattr(Client(HTTP_HOST=f"{host}:8123"), method)(path)


def test_pages_are_sent_on_to_where_the_shop_lives(indigo: Shop) -> None:
    prove(indigo, "shop.example", primary=True)
    prove(indigo, "www.shop.example")
    for host in ("indigo.kasuwa.localhost", "www.shop.example"):
        answer = get(host, "/dashboard/orders/?state=new&q=a%20b")
        assert answer.status_code == 302
        assert answer["Location"] == "http://shop.example:8123/dashboard/orders/?state=new&q=a%20b"
        assert get(host, "//evil.example/")["Location"].startswith("http://shop.example:8123/")
    make_primary(shop_id=indigo.pk, host="indigo.kasuwa.localhost", actor_id=None, now=NOW)
    assert get("shop.example", "/dashboard/")["Location"] == "http://indigo.kasuwa.localhost:8123/dashboard/"


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/api/v1/shop/", "get"),
        ("/health/live", "get"),
        ("/.well-known/security.txt", "get"),
        ("/dashboard/settings/domains/", "get"),
        ("/account/sign-out/", "post"),
        ("/dashboard/orders/bulk/", "post"),
    ],
)
def test_the_rest_is_answered_at_every_host(indigo: Shop, path: str, method: str) -> None:
    prove(indigo, "shop.example", primary=True)
    answer = get("indigo.kasuwa.localhost", path, method)
    assert "shop.example" not in answer.headers.get("Location", "")
