"""The Postman collections of both hosts: what the format 2.1 asks for, and every operation once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from kit.api.postman import FORMAT
from tests.world.described import URLCONFS, description_of
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
HOSTS = {URLCONFS[0]: "kasuwa.localhost", URLCONFS[1]: "cloth-hall.kasuwa.localhost"}
TEXT = {"type": "string"}
PAIRS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["key", "value"],
        "properties": {"key": TEXT, "value": TEXT, "description": TEXT, "disabled": {"type": "boolean"}},
    },
}
BODY = {
    "type": "object",
    "required": ["mode"],
    "properties": {"mode": {"enum": ["raw", "urlencoded", "formdata", "file", "graphql"]}, "raw": TEXT},
    "dependentRequired": {"options": ["raw"]},
}
REQUEST = {
    "type": "object",
    "required": ["method", "url", "header"],
    "properties": {
        "method": {"enum": ["GET", "POST", "PUT", "PATCH", "DELETE"]},
        "description": TEXT,
        "header": PAIRS,
        "body": BODY,
        "auth": {"type": "object", "required": ["type"], "properties": {"type": {"enum": ["noauth", "bearer"]}}},
        "url": {
            "type": "object",
            "required": ["raw", "host", "path"],
            "properties": {
                "raw": TEXT,
                "host": {"type": "array", "items": TEXT},
                "path": {"type": "array", "items": TEXT},
                "query": PAIRS,
                "variable": PAIRS,
            },
        },
    },
}
RESPONSE = {
    "type": "object",
    "required": ["name", "originalRequest", "code", "body"],
    "properties": {
        "name": TEXT,
        "originalRequest": REQUEST,
        "code": {"type": "integer"},
        "header": PAIRS,
        "body": TEXT,
    },
}
# Of the format's own schema, the parts that are used here; written down anew, since it is not to be had offline.
COLLECTION = {
    "type": "object",
    "required": ["info", "item"],
    "properties": {
        "info": {
            "type": "object",
            "required": ["name", "schema"],
            "properties": {"name": TEXT, "schema": {"const": FORMAT}, "description": TEXT},
        },
        "variable": PAIRS,
        "auth": {"type": "object", "required": ["type", "bearer"]},
        "item": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "item"],
                "properties": {
                    "name": TEXT,
                    "item": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["name", "request", "response"],
                            "properties": {
                                "name": TEXT,
                                "request": REQUEST,
                                "response": {"type": "array", "items": RESPONSE},
                            },
                        },
                    },
                },
            },
        },
    },
}


@pytest.fixture(params=URLCONFS)
def urlconf(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def collection(urlconf: str) -> dict[str, Any]:
    open_shop("cloth-hall")
    answer = Client().get("/api/postman/", headers={"host": HOSTS[urlconf], "accept-language": "en"})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith('.postman_collection.json"')
    found: dict[str, Any] = answer.json()
    return found


def requests_of(collection: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for folder in collection["item"]:
        for item in folder["item"]:
            yield folder["name"], item


def test_it_is_what_the_format_asks_for(collection: dict[str, Any]) -> None:
    faults = [
        f"{error.json_path}: {error.message[:200]}"
        for error in Draft202012Validator(COLLECTION).iter_errors(collection)
    ]
    assert faults == []
    del collection["item"][0]["item"][0]["request"]["method"]
    assert not Draft202012Validator(COLLECTION).is_valid(collection), "the control"


def test_every_operation_is_there_once_in_the_folder_of_its_tag(urlconf: str, collection: dict[str, Any]) -> None:
    described = [
        (operation["tags"][0], method.upper(), path)
        for path, methods in description_of(urlconf)["paths"].items()
        for method, operation in methods.items()
        if method in {"get", "post", "put", "patch", "delete"}
    ]
    found = [
        (
            tag,
            item["request"]["method"],
            re.sub(r":(\w+)", r"{\1}", item["request"]["url"]["raw"].removeprefix("{{host}}")),
        )
        for tag, item in requests_of(collection)
    ]
    assert sorted(found) == sorted(described)
    assert len(found) > 50


def test_what_is_filled_in_is_named_and_bodies_are_the_examples(collection: dict[str, Any]) -> None:
    known = {each["key"] for each in collection["variable"]}
    used = set(re.findall(r"\{\{(\w+)\}\}", json.dumps(collection)))
    assert used <= known
    assert {"host", "token"} <= known
    for _, item in requests_of(collection):
        url, body = item["request"]["url"], item["request"].get("body", {})
        filled = {part[1:] for part in url["path"] if part.startswith(":")}
        assert filled == {each["key"] for each in url.get("variable", [])}, item["name"]
        if body.get("mode") == "raw":
            json.loads(body["raw"])
    saved = [answer for _, item in requests_of(collection) for answer in item["response"]]
    assert {answer["code"] for answer in saved} >= {200, 201, 400, 401, 404, 429}


def test_the_guide_is_served_with_this_markets_addresses(settings: Any) -> None:
    from config import urls_docs

    urls_docs._guide.cache_clear()
    settings.BASE_DOMAIN, settings.PLATFORM_SCHEME = "market.example", "https"
    settings.ALLOWED_HOSTS = ["*"]
    answer = Client().get("/api/guide/", headers={"host": "market.example"})
    urls_docs._guide.cache_clear()
    text = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert "kasuwa.localhost:8000" not in text
    assert "https://indigo-fabrics.market.example" in text
