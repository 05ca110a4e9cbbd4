"""Bodies: a call that takes none refuses one, and one that is taken is a JSON object that says everything once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.test import APIClient

from kit.api.input import InputSerializer, Query, read_query
from kit.api.parsers import StorableJSONParser
from tests.checkout.test_api import add, order
from tests.config.test_strict_api import HOSTS, operations
from tests.world.factories.people import person
from tests.world.market import Stocked, open_shop, stock

pytestmark = pytest.mark.django_db
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PLATFORM = HOSTS["config.urls_platform"]


@pytest.fixture
def cloth(db: None) -> Stocked:
    return stock(open_shop("cloth-hall"))


def bodies() -> Iterator[tuple[str, str, str, list[str]]]:
    """Yield each operation's host, address, method, and the kinds of body that it is described with."""
    for host, path, method, operation in operations():
        needed = "?country=NG" if path == "/api/v1/places/" else ""
        yield host, path + needed, method, sorted(operation.get("requestBody", {}).get("content", {}))


def send(program: Any, method: str, path: str, body: bytes, kind: str = JSON) -> Any:
    """Send a body as it is, whatever its kind is said to be."""
    return program.generic(method.upper(), path, body, content_type=kind)


@pytest.mark.usefixtures("cloth")
def test_every_call_without_a_body_refuses_one() -> None:
    tried = 0
    for host, path, method, kinds in bodies():
        for body, kind in ((b'{"unheard_of": 1}', JSON), (b"a=1", FORM), (b"[]", JSON), (b"x", "text/plain")):
            if kinds:
                continue
            answer = send(APIClient(HTTP_HOST=host), method, path, body, kind)
            assert answer.status_code == 400, (method, path, body)
            assert (answer.json()["code"], list(answer.json()["errors"])) == ("invalid", ["body"])
            tried += 1
    assert tried > 200


@pytest.mark.usefixtures("cloth")
@pytest.mark.parametrize("body", [b"", b"{}", b" {}\n"])
def test_no_call_refuses_a_body_that_says_nothing(body: bytes) -> None:
    for host, path, method, kinds in bodies():
        if not kinds and method != "get":
            answer = send(APIClient(HTTP_HOST=host), method, path, body)
            assert (answer.status_code, "body" in (answer.json().get("errors") or {})) != (400, True), (method, path)


@pytest.mark.usefixtures("cloth")
def test_every_call_with_a_body_takes_it_as_described_and_in_no_other_kind() -> None:
    tried = 0
    for host, path, method, kinds in bodies():
        if not kinds:
            continue
        assert kinds in ([JSON], ["multipart/form-data"], [JSON, "multipart/form-data"]), (method, path)
        for other in {JSON, FORM, "text/plain", "multipart/form-data; boundary=x", ""} - {JSON}:
            if other.partition(";")[0] in kinds:
                continue
            answer = send(APIClient(HTTP_HOST=host), method, path, b"a=1", other)
            assert answer.status_code == 415, (method, path, other)
            assert kinds[0] in answer.json()["message"]
            assert answer.json()["code"] == "unsupported_media_type"
            tried += 1
    assert tried > 100


WRONG = {
    "a list": b'[{"variant_id": "x"}]',
    "null": b"null",
    "a text": b'"quantity"',
    "a number": b"1",
    "true": b"true",
    "nothing": b"   ",
    "a field twice": b'{"quantity": 1, "quantity": 2}',
    "a nested field twice": b'{"a": [{"b": 1, "b": 1}]}',
    "a field twice by an escape": b'{"quantity": 1, "quantit\\u0079": 2}',
    "NaN": b'{"quantity": NaN}',
    "Infinity": b'{"quantity": Infinity}',
    "-Infinity": b'{"a": {"b": [-Infinity]}}',
    "a number that is too large": b'{"quantity": 1e999}',
    "an integer without end": b'{"quantity": ' + b"9" * 5_000 + b"}",
    "trailing text": b'{"quantity": 1} x',
    "trailing object": b'{"quantity": 1}{"quantity": 2}',
    "trailing comma": b'{"quantity": 1,}',
    "comment": b'{"quantity": 1} // one',
    "Latin-1": '{"quantity": "é"}'.encode("latin-1"),
    "UTF-16": '{"quantity": 1}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"quantity": 1}',
    "half a character": b'{"a": "\\ud83d"}',
    "deep nesting": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a form": b"quantity=1",
}


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG.keys())
def test_a_body_is_one_object_that_can_be_kept(api_client: APIClient, cloth: Stocked, body: bytes) -> None:
    add(api_client, cloth, 3)
    answer = send(api_client, "patch", f"/api/v1/cart/items/{cloth.variant_id}/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error"), answer.content
    assert api_client.get("/api/v1/cart/").json()["data"]["units"] == 3


def test_a_field_that_comes_twice_is_named() -> None:
    with pytest.raises(ParseError, match="“quantity” twice"):
        StorableJSONParser().parse(BytesIO(WRONG["a field twice"]))
    many = b'{"a": 1, ' + b", ".join(b'"%d": 1' % number for number in range(200_000)) + b', "a": 2}'
    with pytest.raises(ParseError, match="“a” twice"):  # in time that grows with the body, not with its square
        StorableJSONParser().parse(BytesIO(many))
    body = {"a": [{"b": 1}, {"b": 2}], "c": "\\ud83d", "d": "\U0001f600"}
    for ascii_only in (True, False):
        assert StorableJSONParser().parse(BytesIO(json.dumps(body, ensure_ascii=ascii_only).encode())) == body


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "hex", "unheard-of"])
def test_the_header_makes_no_other_text_of_a_body(api_client: APIClient, cloth: Stocked, charset: str) -> None:
    body = json.dumps({"variant_id": str(cloth.variant_id)}).encode()
    answer = send(api_client, "post", "/api/v1/cart/items/", body, f"{JSON}; charset={charset}")
    assert answer.status_code == 201, answer.content


def test_nested_fields_are_judged_as_the_outer_ones(api_client: APIClient, cloth: Stocked) -> None:
    add(api_client, cloth)
    address = {"name": "Ada Obi", "line1": "12 Bode Thomas St", "city": "Surulere", "state": "Lagos", "country": "NG"}
    for wrong in (address | {"planet": "Earth"}, [address], "Surulere"):
        answer = order(api_client, shipping_address=wrong)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["shipping_address"])
    assert cloth.level() == (10, 0)


def test_all_parsers_of_views_are_strict_ones() -> None:
    for host, path, method, kinds in bodies():
        if kinds == [JSON]:
            program = APIClient(HTTP_HOST=host)
            program.force_authenticate(person(email=f"{abs(hash((host, path, method)))}@example.com"))
            found = send(program, method, path, b'{"a": 1, "a": 2}')
            # Where somebody else's is asked for, that is said first.
            assert found.status_code in {400, 403, 404}, (method, path, found.status_code)
            if found.status_code == 400:
                assert found.json()["code"] in {"parse_error", "invalid"}, (method, path)


def test_a_forms_field_is_given_once() -> None:
    class Upload(InputSerializer):
        alt = serializers.CharField()
        tags = serializers.ListField(child=serializers.CharField(), required=False)
        image = serializers.FileField(required=False)

    form = QueryDict("alt=a&tags=x&tags=y")
    assert Upload(data=form).is_valid()
    assert Upload(data=QueryDict("alt=a&tags[0]=x&tags[1]=y")).is_valid()
    for part in ("alt[0]=b", "alt.x=b", "[alt]=b", "="):
        unknown = Upload(data=QueryDict(f"alt=a&{part}"))
        assert not unknown.is_valid(), part
        assert list(unknown.errors) == [part.removesuffix("=b").removesuffix("=")]
    for wrong in ("alt=a&alt=b", "alt=a&alt=a"):
        twice = Upload(data=QueryDict(wrong))
        assert not twice.is_valid()
        assert list(twice.errors) == ["alt"]
    files = QueryDict("alt=a", mutable=True)
    images: list[Any] = [SimpleUploadedFile("a.png", b"1"), SimpleUploadedFile("b.png", b"2")]
    files.setlist("image", images)
    again = Upload(data=files)
    assert not again.is_valid()
    assert list(again.errors) == ["image"]


@pytest.mark.parametrize("query", ["a=1&a=2", "a=1&a=1", "a=1&a=", "a=&a=", "b=1&b=x"])
def test_a_parameter_is_given_once(query: str) -> None:
    class Some(Query):
        a = serializers.IntegerField(required=False)
        b = serializers.ListField(child=serializers.CharField(), required=False)

    if query.startswith("b"):
        assert read_query(Some, QueryDict(query))["b"] == ["1", "x"]
    else:
        with pytest.raises(ValidationError):
            read_query(Some, QueryDict(query))


def test_a_body_of_a_page_about_the_api_or_the_health_is_none_of_this(client: Any) -> None:
    assert client.generic("GET", "/health/live/", b"x", HTTP_HOST=PLATFORM).status_code != 415
