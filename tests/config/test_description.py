"""The API's description: what every operation says, and that an answer which it does not name is found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.http import JsonResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from kit.api.schema import operations_of
from tests.world.described import URLCONFS, UndescribedAnswerError, check_answer, description_of
from tests.world.market import open_shop

PLATFORM = "config.urls_platform"
VERBS = {
    *("list", "read", "create", "update", "set", "delete", "add", "remove", "start", "end", "finish", "cancel"),
    *("confirm", "check", "change", "submit", "withdraw", "accept", "decline", "revoke", "leave", "approve", "ask"),
    *("refuse", "place", "pay", "refresh", "resend", "undo", "download", "live", "home", "primary", "reopen"),
    *("pack", "ship", "deliver", "release", "empty", "quote", "reorder", "find", "receive", "reply", "escalate"),
    *("hold", "retry", "resolve", "acknowledge"),
}


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every operation with its host's configuration."""
    for urlconf in URLCONFS:
        for operation in operations_of(description_of(urlconf)):
            yield urlconf, operation


@pytest.mark.parametrize("urlconf", URLCONFS)
def test_a_description_names_its_host(urlconf: str) -> None:
    found = description_of(urlconf)
    assert found["openapi"].startswith("3.1")
    assert found["info"]["title"] != description_of(next(name for name in URLCONFS if name != urlconf))["info"]["title"]
    assert found["info"]["license"]["identifier"] == "BSD-3-Clause"
    assert found["info"]["contact"].keys() == {"name", "email", "url"}
    assert [server["url"].startswith("http") for server in found["servers"]] == [True]
    used = {tag for operation in operations_of(found) for tag in operation["tags"]}
    described = {tag["name"] for tag in found["tags"] if tag["description"]}
    assert used == described, "A tag is described in HOSTS of platform/config/openapi.py, and used."


def test_calls_that_are_tried_from_the_page_are_sent_to_its_host(
    db: None, api_client: APIClient, shop_api_client: Callable[[Any], APIClient]
) -> None:
    shop = open_shop("copper-hall")
    on_the_shop = shop_api_client(shop).get("/api/schema/?format=json").json()["servers"]
    on_the_market = api_client.get("/api/schema/?format=json", headers={"host": settings.BASE_DOMAIN}).json()["servers"]

    assert [server["description"][:4] for server in on_the_shop] == ["This", "A sh"]
    assert "copper-hall." in on_the_shop[0]["url"]
    assert "{shop}" in on_the_shop[1]["url"]
    assert settings.BASE_DOMAIN in on_the_market[0]["url"]


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_description_is_made_once_and_names_each_host_that_is_asked(
    db: None, shop_api_client: Callable[[Any], APIClient], monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    shops = [open_shop("copper-hall"), open_shop("indigo-hall")]
    first = shop_api_client(shops[0]).get(f"/api/schema/?format={form}")
    monkeypatch.setattr(SchemaGenerator, "get_schema", None)
    second = shop_api_client(shops[1]).get(f"/api/schema/?format={form}")

    for answer, own, other in ((first, b"copper-hall.", b"indigo-hall."), (second, b"indigo-hall.", b"copper-hall.")):
        assert answer.status_code == HTTPStatus.OK
        assert own in answer.content
        assert other not in answer.content
        assert b"this-host.invalid" not in answer.content
    assert first.headers["Content-Type"] == second.headers["Content-Type"]
    assert "openapi" in first.headers["Content-Type"]
    assert first.headers["Content-Disposition"].endswith(f'.{form}"')


def test_every_operation_says_what_it_does_and_who_may_call_it() -> None:
    for _, operation in operations():
        name = operation["operationId"]
        assert operation["summary"], name
        assert operation["description"], name
        assert "security" in operation, name
        assert {} not in operation["security"] or len(operation["security"]) > 1, name


def test_operation_ids_are_a_thing_and_a_verb() -> None:
    names = [(urlconf, operation["operationId"]) for urlconf, operation in operations()]
    assert len(names) == len(set(names))
    wrong = [name for _, name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)+", name)]
    wrong += [name for _, name in names if not VERBS & set(name.split("_")[1:])]
    assert sorted(set(wrong) - {"notification_mark_read", "notifications_mark_read"}) == [], (
        f"Name a thing and one of the verbs, as in `product_create`; a verb that none of these is joins VERBS: {VERBS}"
    )


def test_bodies_are_json_or_carry_a_file() -> None:
    kinds = {kind for _, each in operations() for kind in each.get("requestBody", {}).get("content", {})}
    assert kinds == {"application/json", "multipart/form-data"}
    for urlconf, operation in operations():
        content = operation.get("requestBody", {}).get("content", {})
        if "multipart/form-data" in content:
            schema = description_of(urlconf)["components"]["schemas"]
            name = content["multipart/form-data"]["schema"]["$ref"].rpartition("/")[2]
            assert "binary" in json.dumps(schema[name]), operation["operationId"]


def test_every_refusal_has_its_code_and_an_example() -> None:
    for _, operation in operations():
        for status, response in operation["responses"].items():
            if status >= "400":
                examples = response["content"]["application/json"]["examples"]
                assert examples, (operation["operationId"], status)
                assert all(example["value"]["code"] == code for code, example in examples.items())


def test_examples_are_what_their_schemas_say() -> None:
    for urlconf, operation in operations():
        components = description_of(urlconf)["components"]
        answers = [content for each in operation["responses"].values() for content in each.get("content", {}).values()]
        for content in [*answers, *operation.get("requestBody", {}).get("content", {}).values()]:
            schema = {"components": components, "allOf": [content["schema"]]}
            for name, example in content.get("examples", {}).items():
                faults = [error.message for error in Draft202012Validator(schema).iter_errors(example["value"])]
                where = f"the example {name!r} of {operation['operationId']} ({urlconf})"
                assert faults == [], f"Correct {where} in the app's examples.py."


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("cart_add", "cart_invalid variant_not_sold shop_not_selling insufficient_stock cart_full parse_error"),
        ("cart_items_set", "invalid parse_error cart_lines_refused cart_full"),
        ("cart_update", "cart_invalid variant_not_sold shop_not_selling insufficient_stock"),
        (
            "order_place",
            "cart_empty mixed_currencies insufficient_stock price_changed charge_out_of_limits basket_ordered busy",
        ),
        (
            "order_place",
            "too_much_unpaid idempotency_key_reused payment_refused unsupported_media_type throttled body_too_large",
        ),
        ("order_pay", "not_found order_not_payable payment_refused payment_provider_unavailable busy"),
        ("order_cancel", "not_found order_not_cancellable payment_provider_unavailable busy"),
    ],
)
def test_the_way_to_pay_names_its_refusals(name: str, codes: str) -> None:
    found = next(operation for _, operation in operations() if operation["operationId"] == name)
    named = {
        code
        for response in found["responses"].values()
        for code in response.get("content", {}).get("application/json", {}).get("examples", {})
    }
    assert set(codes.split()) <= named


def test_headers_of_answers_are_described() -> None:
    named = {operation["operationId"]: operation["responses"] for _, operation in operations()}
    assert "X-Cart-Token" in named["cart_add"]["201"]["headers"]
    assert "Idempotent-Replayed" in named["order_place"]["201"]["headers"]
    assert "Retry-After" in named["order_place"]["429"]["headers"]
    assert "ETag" in named["product_create"]["201"]["headers"]
    assert "X-RateLimit-Remaining" in named["product_create"]["201"]["headers"]


def test_fields_of_answers_always_come_and_nothing_is_untyped() -> None:
    for urlconf in URLCONFS:
        schemas = description_of(urlconf)["components"]["schemas"]
        for name in {"CartLineOutput", "OrderOutput", "CategoryOutput", "DomainOutput"} & schemas.keys():
            assert schemas[name]["required"] == list(schemas[name]["properties"])
    market = description_of(PLATFORM)["components"]["schemas"]
    assert market["CategoryOutput"]["properties"]["children"]["items"] == {
        "$ref": "#/components/schemas/CategoryOutput"
    }
    assert [each.get("type") for each in market["ErrorDetails"]["anyOf"]] == [None, "array", "array", "null"]


def test_a_time_of_day_is_described_without_the_zone_that_the_format_has() -> None:
    quiet = description_of(PLATFORM)["components"]["schemas"]["QuietOutput"]["properties"]
    for each in (quiet["start_time"], quiet["end_time"]):
        assert "format" not in each
        assert re.search(each["pattern"], "21:00:00")
        assert not re.search(each["pattern"], "24:00:00")


def test_digits_that_are_text_stay_text_for_readers_of_yaml() -> None:
    written = OpenApiYamlRenderer().render({"code": "058", "times": "1e5", "count": 58, "part": 0.5}).decode()
    assert written == "code: '058'\ntimes: '1e5'\ncount: 58\npart: 0.5\n"
    assert yaml.safe_load(written) == {"code": "058", "times": "1e5", "count": 58, "part": 0.5}


def test_a_form_is_refused_with_the_kind_of_body_that_is_read(db: None) -> None:
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = APIClient(HTTP_HOST="kasuwa.localhost").generic("POST", "/api/v1/cart/items/", "quantity=1", kind)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
        assert "application/json" in answer.json()["message"]


def refused(code: str, errors: Any = None) -> dict[str, Any]:
    return {"status": "error", "code": code, "message": "", "errors": errors, "request_id": "-"}


@pytest.mark.parametrize(
    ("status", "body", "headers", "fault"),
    [
        (418, refused("teapot"), {}, "the status"),
        (409, refused("unheard_of"), {}, "the code"),
        (409, refused("cart_full", "none"), {}, "errors"),
        (201, {"status": "success", "message": "", "data": {}}, {}, "required"),
        (409, refused("cart_full"), {"Location": "/"}, "the header"),
        (409, refused("cart_full"), {"X-Request-ID": "another"}, "as its header does"),
        *(
            (409, refused("cart_full", {"at": text}), {}, "form of moments")
            for text in (
                "2026-11-29T15:00:00+01:00",
                "2026-11-29T14:00:00Z",
                "2026-11-29 14:00:00.000Z",
                "2026-11-29T14:00:00.000+00:00",
                "2026-11-29T14:00:00.000123Z",
                "2026-11-29T14:00",
            )
        ),
    ],
)
def test_an_answer_that_is_not_described_is_found(
    status: int, body: dict[str, Any], headers: dict[str, str], fault: str
) -> None:
    """The control."""
    answer = JsonResponse(body, status=status, headers={"X-Request-ID": "-"} | headers)
    with pytest.raises(UndescribedAnswerError, match=fault):
        check_answer(method="POST", path="/api/v1/cart/items/", response=answer, urlconf=PLATFORM)
    good = JsonResponse(refused("cart_full"), status=409, headers={"X-Request-ID": "-"})
    check_answer(method="POST", path="/api/v1/cart/items/", response=good, urlconf=PLATFORM)
