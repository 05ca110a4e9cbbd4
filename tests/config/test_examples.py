"""Every JSON body that is sent, and every answer that has one, is shown by an example that its schema allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from tests.world.described import URLCONFS, description_of

JSON = "application/json"
METHODS = ("get", "post", "put", "patch", "delete")


def bodies(urlconf: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the JSON bodies of a description, each with the name of its place."""
    for path, by_method in description_of(urlconf)["paths"].items():
        for method in METHODS:
            operation = by_method.get(method, {})
            if sent := operation.get("requestBody", {}).get("content", {}).get(JSON):
                yield f"{method} {path} is sent", sent
            for status, answer in operation.get("responses", {}).items():
                if answered := answer.get("content", {}).get(JSON):
                    yield f"{method} {path} answers {status}", answered


def faults(place: str, body: dict[str, Any], components: dict[str, Any]) -> Iterator[str]:
    """Yield what is wrong with the examples of a body."""
    examples = body.get("examples", {})
    if not examples:
        yield f"{place}: there is no example"
    validator = Draft202012Validator(
        {"components": components, "allOf": [body["schema"]]}, format_checker=FormatChecker(("date", "uuid", "email"))
    )
    for name, example in examples.items():
        for error in validator.iter_errors(example["value"]):
            yield f"{place}, {name}: {error.json_path} {error.message[:160]}"


@pytest.mark.parametrize("urlconf", URLCONFS)
def test_every_body_has_examples_that_its_schema_allows(urlconf: str) -> None:
    components = description_of(urlconf)["components"]
    found = [fault for place, body in bodies(urlconf) for fault in faults(place, body, components)]
    assert found == [], (
        "Show each body by `sent(…)` and `answer(…)` of kit.api.refusals, in the `examples` of its call."
    )
    assert len(list(bodies(urlconf))) > 300


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"schema": {"type": "object"}}, "no example"),
        ({"schema": {"type": "string", "maxLength": 2}, "examples": {"Long": {"value": "abc"}}}, "too long"),
        ({"schema": {"$ref": "#/components/schemas/A"}, "examples": {"Wrong": {"value": {}}}}, "required"),
    ],
)
def test_a_body_without_a_good_example_is_found(body: dict[str, Any], fault: str) -> None:
    """The control."""
    components = {"schemas": {"A": {"type": "object", "required": ["name"]}}}
    assert [fault in each for each in faults("A place", body, components)] == [True]
