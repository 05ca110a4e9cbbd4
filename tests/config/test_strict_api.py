"""The API takes what it knows and refuses the rest: every endpoint of both descriptions is tried."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework import serializers
from rest_framework.test import APIClient

from kit.api.input import InputSerializer
from tests.architecture.test_text_fields import own_serializers
from tests.world.described import description_of
from tests.world.factories.people import person
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
HOSTS = {"config.urls_platform": "kasuwa.localhost", "config.urls_shop": "cloth-hall.kasuwa.localhost"}
UUID = "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11"
WRONG = {"integer": ["null", "x", "1.5", "-1"], "boolean": ["null", "AAA", "2"]}


def operations(method: str = "") -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield each operation's host, address, method and description."""
    for urlconf, host in HOSTS.items():
        for path, by_method in description_of(urlconf)["paths"].items():
            for name, operation in by_method.items():
                if name == (method or name) and name in {"get", "post", "put", "patch", "delete"}:
                    yield host, address(path, operation), name, operation


def address(path: str, operation: dict[str, Any]) -> str:
    kinds = {each["name"]: each["schema"] for each in operation.get("parameters", []) if each["in"] == "path"}
    return re.sub(r"\{(\w+)\}", lambda found: "1" if kinds.get(found[1], {}).get("type") == "integer" else UUID, path)


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop("cloth-hall")


def test_every_endpoint_refuses_an_unknown_parameter_and_names_those_that_there_are() -> None:
    tried = 0
    for host, path, method, operation in operations():
        answer = APIClient(HTTP_HOST=host).generic(method.upper(), f"{path}?unheard_of=1")
        assert answer.status_code == 400, (method, path)
        body = answer.json()
        assert (body["status"], body["code"]) == ("error", "invalid")
        for each in operation.get("parameters", []):
            if each["in"] == "query":
                assert each["name"] in body["errors"]["unheard_of"][0]["message"], (method, path)
        tried += 1
    assert tried > 100


def test_every_parameter_refuses_what_it_cannot_be() -> None:
    tried = 0
    for host, path, _, operation in operations("get"):
        for each in operation.get("parameters", []):
            schema = each["schema"]
            wrong = ["AAA"] if "enum" in schema or "oneOf" in schema else WRONG.get(schema.get("type"), [])
            for value in wrong if each["in"] == "query" else []:
                answer = APIClient(HTTP_HOST=host).get(path, {each["name"]: value})
                assert answer.status_code == 400, (path, each["name"], value)
                assert each["name"] in answer.json()["errors"]
                tried += 1
    assert tried > 30


def test_a_list_by_cursor_knows_no_pages() -> None:
    client = APIClient(HTTP_HOST="kasuwa.localhost")
    answer = client.get("/api/v1/listings/?page=2")
    assert answer.status_code == 400
    assert "cursor" in answer.json()["errors"]["page"][0]["message"]
    assert client.get("/api/v1/listings/?in_stock=null").status_code == 400
    assert client.get("/api/v1/listings/?currency=NGN&currency=GHS").status_code == 400
    assert client.get("/api/v1/listings/?in_stock=true&page_size=10&shop=cloth-hall&search=&cursor=").status_code == 200
    assert client.head("/api/v1/listings/?unheard_of=1").status_code == 400


def test_every_body_is_one_that_refuses_what_it_does_not_know() -> None:
    loose = {kind.__name__ for kind in own_serializers() if not issubclass(kind, InputSerializer)}
    assert sorted(name for name in loose if not name.endswith("Query")) == []


def test_an_unknown_field_is_named_with_those_that_there_are() -> None:
    client = APIClient(HTTP_HOST="kasuwa.localhost")
    body = {"email": "ada@example.com", "shipping_address": {}, "coupon": "TEN"}
    answer = client.post("/api/v1/checkout/", body, HTTP_IDEMPOTENCY_KEY="one")
    assert answer.status_code == 400
    assert "shipping_address" in answer.json()["errors"]["coupon"][0]["message"]
    client.force_authenticate(person(email="amina@example.com"))
    answer = client.patch("/api/v1/auth/user/", {"email": "other@example.com"})
    assert answer.status_code == 400
    assert answer.json()["errors"].keys() == {"email"}


def test_a_loose_body_is_found() -> None:
    class Inner(InputSerializer):
        name = serializers.IntegerField()

    class Outer(InputSerializer):
        inner = Inner(many=True)
        shown = serializers.IntegerField(read_only=True)

    for data in ({"inner": [{"name": 1, "titel": 2}]}, {"inner": [], "shown": 1}, {"inner": [], "x": 1}):
        outer = Outer(data=data)
        assert not outer.is_valid()
    assert Outer(data={"inner": [{"name": 1}]}).is_valid()
