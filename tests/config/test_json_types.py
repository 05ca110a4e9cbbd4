"""Bodies have the JSON types that the description says: a text is no number, a number no id."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from rest_framework import serializers

from kit.api.input import InputSerializer, Query, read_query

ID = "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11"


class Body(InputSerializer):
    count = serializers.IntegerField(required=False, allow_null=True)
    is_sold = serializers.BooleanField(required=False)
    id = serializers.UUIDField(required=False)
    ids = serializers.ListField(child=serializers.UUIDField(), required=False)
    on = serializers.DateField(required=False)
    slug = serializers.SlugField(required=False)
    kind = serializers.ChoiceField(choices=["1", "2"], required=False)


class Filter(Query):
    count = serializers.IntegerField(required=False)
    is_sold = serializers.BooleanField(required=False)
    id = serializers.UUIDField(required=False)
    on = serializers.DateField(required=False)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        *[("count", value, "invalid") for value in ("5", "5.0", True, [5], {"a": 5}, 5.5)],
        *[("is_sold", value, "invalid") for value in ("true", "on", 1, 0, 1.0, "")],
        *[("id", value, "invalid") for value in (5, False, f"urn:uuid:{ID}", f"{{{ID}}}", ID.replace("-", ""))],
        *[("on", value, "invalid") for value in (5, "2026-3-1", "20260301", "2026-03-01T10:00:00Z")],
        *[("slug", value, "invalid") for value in (5, True, ["a"])],
        *[("kind", value, "invalid_choice") for value in (1, True, ["1"], {"1": 1})],
    ],
)
def test_a_value_of_another_type_is_refused(name: str, value: Any, code: str) -> None:
    body = Body(data={name: value})
    assert not body.is_valid()
    assert [each.code for each in body.errors[name]] == [code]


def test_an_entry_of_another_type_is_named_by_its_place() -> None:
    body = Body(data={"ids": [ID, False, 5]})
    assert not body.is_valid()
    assert body.errors["ids"].keys() == {"1", "2"}


@pytest.mark.parametrize(
    "body",
    [
        {"count": 5, "is_sold": True, "id": ID, "ids": [ID.upper()], "on": "2026-03-01", "slug": "a", "kind": "1"},
        {"count": 5.0},
        {"count": None},
    ],
)
def test_the_types_of_the_description_are_taken(body: dict[str, Any]) -> None:
    assert Body(data=body).is_valid()


def test_forms_and_addresses_send_texts() -> None:
    assert Body(data=QueryDict("count=5&is_sold=true&kind=1")).is_valid()
    assert read_query(Filter, QueryDict(f"count=5&is_sold=1&id={ID}&on=2026-03-01"))["count"] == 5
    for wrong in ("on=2026-3-1", f"id={ID.replace('-', '')}"):
        with pytest.raises(serializers.ValidationError):
            read_query(Filter, QueryDict(wrong))
