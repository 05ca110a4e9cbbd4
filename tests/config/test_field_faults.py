"""Each thing that is wrong with a field has a code for programs, and a message in the words of people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework import serializers
from rest_framework.test import APIClient

from kit.api.input import Query
from kit.errors import ConflictError, Facts, Fault, InvalidInputError, error_body
from tests.architecture.test_text_fields import own_serializers
from tests.config.test_strict_api import HOSTS, operations
from tests.world.market import open_shop

PLATFORM = HOSTS["config.urls_platform"]
# Words of Python, Django and REST framework, which say nothing to a caller.
FOREIGN = re.compile(
    r"\b(?:None|NoneType|null|dict(?:ionary)?|list of items|tuple|str|int|float|bool|datetime|UUID|pk|type|queryset|"
    r"serializer|codec|utf-8|encoding|traceback|exception|object has no|Expected an? (?:list|dict|date)\w*|Must be)\b"
)
NUMBERS: tuple[Any, ...] = (0, -1, 1.5, 10**30, True)
WRONG: tuple[Any, ...] = (None, "", "x", " ", "\0", *NUMBERS, [], [None], [[]], ["x"], {}, {"a": None}, {"a": {}})


def messages(errors: Any) -> Iterator[tuple[str | None, str]]:
    """Yield the messages of a refusal with their codes."""
    if isinstance(errors, dict):
        for each in errors.values():
            yield from messages(each)
    elif isinstance(errors, list | tuple):
        for each in errors:
            yield from messages(each)
    else:
        yield getattr(errors, "code", None), str(errors)


def refusals_of(kind: type[serializers.Serializer[Any]], data: Any) -> list[tuple[str | None, str]]:
    try:
        kind().run_validation(data)
    except serializers.ValidationError as error:
        return list(messages(error.detail))
    return []


def wrong_bodies(kind: type[serializers.Serializer[Any]]) -> Iterator[Any]:
    """Yield bodies in which one field, or one field of a part, has a value of a wrong kind."""
    yield from (None, [], "x", 1, {})
    for name, field in kind().fields.items():
        yield from ({name: value} for value in WRONG)
        part = getattr(field, "child", field)
        for inner in getattr(part, "fields", {}):
            bodies = [{inner: value} for value in WRONG]
            yield from ({name: [body] if part is not field else body} for body in bodies)


@pytest.mark.django_db
def test_no_serializer_refuses_in_words_of_programmers() -> None:
    said: dict[str, set[str]] = {}
    tried = 0
    for kind in own_serializers():
        if not kind.__name__.startswith("_") and not issubclass(kind, Query):
            for body in wrong_bodies(kind):
                tried += 1
                for code, message in refusals_of(kind, body):
                    assert code, (kind, body, message)
                    if FOREIGN.search(message):
                        said.setdefault(message, set()).add(kind.__name__)
    assert said == {}
    assert tried > 3_000


@pytest.mark.parametrize(
    "message",
    [
        'Expected a list of items but got type "str".',
        "This field may not be null.",
        "Must be a valid UUID.",
        "Invalid data. Expected a dictionary, but got NoneType.",
        "'utf-8' codec can't decode byte 0xff",
    ],
)
def test_words_of_programmers_are_found(message: str) -> None:
    """The control."""
    assert FOREIGN.search(message)


def faults(errors: Any) -> Iterator[dict[str, Any]]:
    if isinstance(errors, dict) and errors.keys() == {"code", "message"}:
        yield errors
    elif isinstance(errors, dict | list):
        for each in errors.values() if isinstance(errors, dict) else errors:
            assert not isinstance(each, str), errors
            yield from faults(each)


@pytest.mark.django_db
def test_every_operation_gives_a_code_with_each_fault() -> None:
    open_shop("cloth-hall")
    tried = 0
    for host, path, method, _ in operations():
        refused = APIClient(HTTP_HOST=host).generic(method.upper(), f"{path}?unheard_of=1").json()
        [fault] = faults(refused["errors"])
        assert fault["code"] == "unknown_parameter"
        tried += 1
    assert tried > 100


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({}, "email", "required"),
        ({"email": None}, "email", "null"),
        ({"email": "x"}, "email", "invalid_email"),
        ({"email": "ada@example.com", "password": "x" * 200}, "password", "max_length"),
        ({"email": "ada@example.com", "password": "four harmattan kites", "coupon": 1}, "coupon", "unknown_field"),
    ],
)
def test_a_program_can_tell_faults_apart(body: dict[str, Any], field: str, code: str) -> None:
    answer = APIClient(HTTP_HOST=PLATFORM).post("/api/v1/auth/login/", body)
    assert answer.status_code == 400
    assert code in [each["code"] for each in answer.json()["errors"][field]]


@pytest.mark.django_db
def test_a_weak_password_says_why() -> None:
    body = {"email": "ada@example.com", "name": "Ada Obi", "password": "12345"}
    answer = APIClient(HTTP_HOST=PLATFORM).post("/api/v1/auth/registration/", body)
    codes = {fault["code"] for fault in faults(answer.json()["errors"])}
    assert {"password_too_short", "password_too_common"} <= codes


def test_messages_have_the_refusals_code_and_facts_none() -> None:
    refused = ConflictError(details={"slug": ["Taken."], "left": ("a", "b"), "current": Facts(tags=["x"]), "count": 3})
    assert error_body(code="conflict", message="", errors=refused.details)["errors"] == {
        "slug": [{"code": "conflict", "message": "Taken."}],
        "left": ["a", "b"],
        "current": {"tags": ["x"]},
        "count": 3,
    }
    own = InvalidInputError(details={"name": [Fault("Too long.", "max_length")]})
    assert error_body(code="invalid", message="", errors=own.details)["errors"] == {
        "name": [{"code": "max_length", "message": "Too long."}]
    }
