"""Lists of the API: two styles, and one way to say how many rows are wanted."""

from typing import Any

import pytest
from django.test import Client

from tests.world.described import URLCONFS, description_of
from tests.world.market import Stocked, open_shop, stock

pytestmark = pytest.mark.django_db
HOSTS = {"config.urls_platform": "kasuwa.localhost", "config.urls_shop": "cloth-hall.kasuwa.localhost"}


def reads(urlconf: str) -> dict[str, dict[str, Any]]:
    """Return the operations that read, by address."""
    return {path: each["get"] for path, each in description_of(urlconf)["paths"].items() if "get" in each}


def parameters(operation: dict[str, Any]) -> dict[str, Any]:
    return {each["name"]: each["schema"] for each in operation.get("parameters", []) if each["in"] == "query"}


def fields(urlconf: str, operation: dict[str, Any]) -> set[str]:
    """Return the fields of an answer's data; none where it is a list or a file."""
    media = operation["responses"]["200"].get("content", {}).get("application/json", {}).get("schema", {})
    data = media.get("properties", {}).get("data", {})
    if "$ref" in data:
        data = description_of(urlconf)["components"]["schemas"][data["$ref"].rpartition("/")[2]]
    return set(data.get("properties", {}))


@pytest.mark.parametrize("urlconf", URLCONFS)
def test_every_list_in_parts_has_one_of_two_styles(urlconf: str) -> None:
    styles = {}
    for path, operation in reads(urlconf).items():
        asked, answered = parameters(operation), fields(urlconf, operation)
        if {"lines", "next", "previous"} <= answered:
            assert {"page", "page_size"} <= asked.keys(), path  # the lines of one statement
            continue
        if "results" not in answered:
            assert not {"page", "page_size", "cursor"} & asked.keys(), path
            continue
        is_feed = "cursor" in asked
        assert {"next", "previous"} <= answered, path
        assert ("page" in asked) is not is_feed, path
        assert is_feed or "count" in answered, path
        styles[path.removeprefix("/api/v1/")] = is_feed
    pages = {path for path, is_feed in styles.items() if not is_feed}
    numbered = {"auth/addresses/", "operator/applications/", "operator/stations/", "places/", "products/", "stations/"}
    numbered |= {"coupons/", "offers/"} if urlconf.endswith("shop") else set()  # the market's public ones are a feed
    assert pages == numbered & styles.keys()
    assert len(styles) - len(pages) >= 3


@pytest.fixture
def cloth() -> Stocked:
    return stock(open_shop("cloth-hall", currency="NGN"))


@pytest.mark.parametrize("urlconf", URLCONFS)
@pytest.mark.parametrize("size", ["0", "-1", "101", "many", "1.5", "9" * 20, "1e1", "0x10"])
def test_page_size_is_judged_alike_everywhere(cloth: Stocked, urlconf: str, size: str) -> None:
    refused = set()
    judged = {path: operation for path, operation in reads(urlconf).items() if "page_size" in parameters(operation)}
    lists = [path for path in judged if "{" not in path]  # others look for their thing first
    for path in lists:
        schema = parameters(reads(urlconf)[path])["page_size"]
        assert (schema["minimum"], schema["maximum"], schema["default"]) == (1, 100, 20), path
        needed = {"country": "NG"} if path == "/api/v1/places/" else {}
        answer = Client().get(path, {"page_size": size, **needed}, headers={"host": HOSTS[urlconf]})
        body = answer.json()
        refused.add(
            (
                answer.status_code,
                body["code"],
                tuple(body["errors"]),
                tuple(fault["message"] for fault in body["errors"]["page_size"]),
            )
        )
    assert len(lists) >= 4
    assert len(refused) == 1
    assert next(iter(refused))[:3] == (400, "invalid", ("page_size",))
