"""Bodies that are read at once are read as their serializers read them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID

import pytest
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from checkout.serializers.carts import CartItemInput, CartLinesInput
from checkout.serializers.orders import CheckoutInput
from kit.api.input import InputSerializer, ListInput
from kit.api.plain_input import NotPlainError
from kit.text.serializers import LineField
from tests.kit.test_validation import ADDRESS

VARIANT = "01a1feec-648f-72d0-97e1-3fe6c0af2080"
OTHER = "01a1feec-648f-72d0-97e1-3fe6c0af2081"
ORDER = {"email": "Ada@Example.com", "shipping_address": ADDRESS}
LINES = [{"variant_id": VARIANT, "quantity": 1}, {"variant_id": OTHER, "quantity": 0}]
PLAIN: list[tuple[Any, Any]] = [
    (CartItemInput, {"variant_id": VARIANT}),
    (CartItemInput, {"quantity": 3, "variant_id": VARIANT.upper()}),
    (CartLinesInput, LINES),
    (CheckoutInput, ORDER),
    (CheckoutInput, {**ORDER, "billing_address": ADDRESS, "currency": "NGN", "coupons": ["SAVE10"], "vat_number": ""}),
    (CheckoutInput, {"shipping_address": {**ADDRESS, "line2": None, "postcode": ""}, "expected_total_minor": None}),
]
VALUES: list[Any] = [
    *(None, True, False, 0, 1, -1, 999, 1000, 2**63, 10**30, 1.0, 1.5, [], {}, [None], ["A"], [{}], {"a": 1}),
    *(
        "",
        " ",
        "a",
        " a",
        "a ",
        "a  b",
        "a\tb",
        "a\nb",
        "a\x00b",
        "\ud800",
        "é",
        "e\u0301",
        "\u200b",
        "1",
        "true",
        "NGN",
    ),
    *("ngn", "NG", "ng", "ß", "nobody", "a@b", "A@Example.com", "ada@exámple.com", "+234 803 123 4567", "12", "-" * 50),
    *("a" * 120, "a" * 121, "a" * 300, "x" * 5000, VARIANT, VARIANT.replace("-", ""), f"{{{VARIANT}}}", "null", "0"),
    *("https://elsewhere.example/", ADDRESS, [ADDRESS], LINES, {**ADDRESS, "name": "\u202e"}),
]


def as_the_serializer_does(kind: Any, data: Any) -> Any:
    try:
        return kind().run_validation(data)
    except ValidationError as error:
        return error.detail


@cache
def reader_of(kind: Any) -> Any:
    return kind().plain_reader()


def read(kind: Any, data: Any) -> Any:
    """Return what the reader gives, and None where it leaves the body to the serializer."""
    try:
        return reader_of(kind)(data)
    except NotPlainError:
        return None


def with_types(value: Any) -> Any:
    """Return a value in which 1, 1.0 and True differ, and so do the orders of fields."""
    if isinstance(value, dict):
        return [(name, with_types(each)) for name, each in value.items()]
    return [with_types(each) for each in value] if isinstance(value, list) else (type(value), value)


def changed(data: Any, rnd: random.Random) -> Any:
    """Return a body with one thing in it left out, replaced, or put in."""
    if isinstance(data, list) and data:
        chosen = [*data, *rnd.sample(data, rnd.randrange(2))]
        place = rnd.randrange(len(chosen))
        return [changed(each, rnd) if at == place else each for at, each in enumerate(chosen)]
    if not isinstance(data, dict) or not data or rnd.random() < 0.05:
        return rnd.choice(VALUES)
    name = rnd.choice([*data, "other"])
    left = {other: value for other, value in data.items() if other != name}
    if rnd.random() < 0.2:
        return left
    value = changed(data[name], rnd) if isinstance(data.get(name), dict) else rnd.choice(VALUES)
    return dict(rnd.sample([*{**left, name: value}.items()], len(left) + 1))


@pytest.mark.parametrize(("kind", "data"), PLAIN)
def test_a_usual_body_is_read_at_once(kind: Any, data: Any) -> None:
    found = read(kind, data)
    assert found is not None
    assert with_types(found) == with_types(as_the_serializer_does(kind, data))


@pytest.mark.parametrize(("kind", "data"), PLAIN)
def test_no_body_is_read_in_another_way_than_its_serializer_reads_it(kind: Any, data: Any) -> None:
    rnd = random.Random(f"{kind.__name__}{data}")
    at_once = 0
    for _ in range(1500):
        body = changed(data, rnd)
        for _ in range(rnd.randrange(2)):
            body = changed(body, rnd)
        found = read(kind, body)
        if found is not None:
            at_once += 1
            assert with_types(found) == with_types(as_the_serializer_does(kind, body)), body
    assert at_once > 20


def inputs() -> Iterator[Any]:
    """Yield every serializer of bodies that is made without arguments and asks no database."""
    from django.urls import get_resolver

    for urlconf in ("config.urls_platform", "config.urls_shop"):
        get_resolver(urlconf).url_patterns  # noqa: B018 - loads all views, and with them all serializers
    waiting = [InputSerializer, ListInput]
    while waiting:
        kind: Any = waiting.pop()
        waiting += kind.__subclasses__()
        is_whole = kind not in (InputSerializer, ListInput) and not issubclass(kind, serializers.ModelSerializer)
        if is_whole and kind.__module__.partition(".")[0] != "tests":
            yield kind


def test_every_body_of_the_api_is_read_as_its_serializer_reads_it() -> None:
    kinds, at_once = [*inputs()], 0
    assert len(kinds) > 20
    for kind in kinds:
        rnd = random.Random(kind.__name__)
        entry = kind.child if issubclass(kind, ListInput) else kind()
        names = [*entry.fields]
        for _ in range(150):
            body: Any = {name: rnd.choice(VALUES) for name in names if rnd.random() < 0.7}
            body = [body] if issubclass(kind, ListInput) else body
            try:
                found = read(kind, body)
            except KeyError:  # it looks at the request, which a serializer for all requests has not
                break
            if found is not None:
                at_once += 1
                assert with_types(found) == with_types(as_the_serializer_does(kind, body)), (kind, body)
    assert at_once > 50


class Shouted(LineField):
    def to_internal_value(self, data: Any) -> str:
        return super().to_internal_value(data).upper()


class Small(InputSerializer):
    text = LineField(max_length=5, default="none")
    shouted = Shouted(required=False)
    number = serializers.IntegerField(required=False, allow_null=True, min_value=1)


class Judging(Small):
    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["text"] == "no":
            raise ValidationError("Not this.")
        return {**attrs, "is_judged": True}


class JudgingOne(Small):
    def validate_text(self, text: str) -> str:
        return text[::-1]


class Renaming(Small):
    number = serializers.IntegerField(source="count", required=False)


class Converting(Small):
    def to_internal_value(self, data: Any) -> Any:
        return {**super().to_internal_value(data), "converted": True}


class Outer(InputSerializer):
    inner = Converting()
    small = Small(required=False, allow_null=True)


class Timed(Small):
    made = serializers.HiddenField(default="now")


@pytest.mark.parametrize(
    ("kind", "data", "at_once"),
    [
        (Small, {}, True),
        (Small, {"text": "abc", "shouted": "abc", "number": None}, True),
        (Small, {"text": "abcdef"}, False),
        (Judging, {"text": "yes"}, True),
        (Judging, {"text": "no"}, False),
        (JudgingOne, {"text": "yes"}, False),
        (Renaming, {"number": 1}, False),
        (Converting, {"text": "abc"}, False),
        (Outer, {"inner": {"text": "abc"}, "small": None}, True),
        (Outer, {"inner": {"text": "abcdef"}}, False),
        (Timed, {"made": "earlier"}, False),
    ],
)
def test_what_a_serializer_has_of_its_own_is_kept(kind: Any, data: Any, at_once: bool) -> None:
    found = read(kind, data)
    assert (found is not None) is at_once
    assert found is None or with_types(found) == with_types(as_the_serializer_does(kind, data))


def test_an_id_is_an_id() -> None:
    assert read(CartItemInput, {"variant_id": VARIANT})["variant_id"] == UUID(VARIANT)
