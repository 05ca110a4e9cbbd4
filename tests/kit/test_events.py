"""An event's way to JSON and back, and the schema that tells others of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator, ValidationError

from kit.work.events import Event, EventError, decode, encode, schema_of

MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ID = UUID("0195a9c0-0000-7000-8000-000000000001")


@dataclass(frozen=True, slots=True)
class ParcelSent(Event):
    """A parcel has left.

    More about it.
    """

    topic = "tests.parcel_sent"
    parcel_id: UUID
    shop_id: int
    sent_at: datetime
    carriers: tuple[str, ...] = ()
    weight_g: int | None = None
    is_insured: bool = False


PARCEL = ParcelSent(ID, 7, MOMENT, ("GIG", "DHL"), 250, is_insured=True)
PAYLOAD = {
    "parcel_id": str(ID),
    "shop_id": 7,
    "sent_at": "2026-03-02T09:30:00+00:00",
    "carriers": ["GIG", "DHL"],
    "weight_g": 250,
    "is_insured": True,
}
NEEDED = {name: PAYLOAD[name] for name in ("parcel_id", "shop_id", "sent_at")}


def test_an_event_comes_back_from_json_as_it_was() -> None:
    assert encode(PARCEL) == PAYLOAD
    assert decode(ParcelSent, json.loads(json.dumps(encode(PARCEL)))) == PARCEL


def test_a_payload_of_an_earlier_release_has_defaults_for_what_came_later() -> None:
    assert decode(ParcelSent, NEEDED) == ParcelSent(ID, 7, MOMENT)


def test_what_a_later_release_says_beyond_it_is_passed_over() -> None:
    assert decode(ParcelSent, PAYLOAD | {"height_mm": 12}) == PARCEL


@pytest.mark.parametrize(
    "wrong",
    [
        {"parcel_id": "1"},
        {"parcel_id": 1},
        {"parcel_id": None},
        {"shop_id": "7"},
        {"shop_id": True},
        {"sent_at": "2026-03-02T09:30:00"},
        {"sent_at": "soon"},
        {"carriers": "GIG"},
        {"carriers": [1]},
        {"weight_g": 2.5},
        {"is_insured": 1},
    ],
)
def test_a_value_of_another_type_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(EventError, match=next(iter(wrong))):
        decode(ParcelSent, PAYLOAD | wrong)


@pytest.mark.parametrize("missing", sorted(NEEDED))
def test_a_missing_value_is_refused_by_its_name(missing: str) -> None:
    with pytest.raises(EventError, match=f"tests.parcel_sent lacks {missing}"):
        decode(ParcelSent, {name: value for name, value in PAYLOAD.items() if name != missing})


@pytest.mark.parametrize(
    "event",
    [
        ParcelSent(str(ID), 7, MOMENT),  # type: ignore[arg-type]
        ParcelSent(ID, 7, MOMENT.replace(tzinfo=None)),
        ParcelSent(ID, 7, MOMENT, ["GIG"]),  # type: ignore[arg-type]
        ParcelSent(ID, True, MOMENT),
    ],
)
def test_an_event_with_a_value_of_another_type_is_not_written(event: ParcelSent) -> None:
    with pytest.raises(EventError):
        encode(event)


def test_the_schema_says_what_a_payload_is_like() -> None:
    schema = schema_of(ParcelSent)
    Draft202012Validator.check_schema(schema)
    assert (schema["title"], schema["description"]) == ("tests.parcel_sent", "A parcel has left.")
    assert schema["required"] == ["parcel_id", "shop_id", "sent_at"]
    for payload in (PAYLOAD, NEEDED, encode(ParcelSent(ID, 7, MOMENT)), PAYLOAD | {"height_mm": 12}):
        Draft202012Validator(schema).validate(payload)
    for wrong in ({"shop_id": "7"}, {"carriers": [1]}, {"weight_g": 2.5}):
        with pytest.raises(ValidationError):
            Draft202012Validator(schema).validate(PAYLOAD | wrong)


def test_a_type_that_cannot_travel_is_refused() -> None:
    @dataclass(frozen=True)
    class Weighed(Event):
        """A parcel was put on the scales."""

        topic = "tests.weighed"
        weight: float

    Weighed.__annotations__["weight"] = float
    with pytest.raises(EventError, match="float"):
        schema_of(Weighed)
