"""The apps' tables are joined, and what contradicts itself is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from kit import wiring
from kit.checks import check_wiring
from kit.wiring import Contribution, Follows, Hears, Moment, Table, Wiring, WiringError, contributions, tell
from kit.work.events import Event, decode, encode, schema_of
from tenants.database.grants import Grant
from tests.world.wiring import Counted, wired

ID = "0195a9c0-0000-7000-8000-000000000001"


@dataclass(frozen=True, slots=True)
class Unheard(Event):
    """An event without a handler."""

    topic = "tests.unheard"


@dataclass(frozen=True, slots=True)
class Opened(Moment):
    """A door is open."""

    door: str


@dataclass(frozen=True, slots=True)
class Plate(Contribution):
    """A door's plate."""

    door: str
    text: str

    @property
    def key(self) -> str:
        """One plate a door."""
        return self.door


@dataclass(frozen=True, slots=True)
class Owner(Contribution):
    """The one who has the keys."""

    is_single = True
    name: str


def hear(_event: Any, _now: datetime) -> None:
    """Hear anything."""


def test_what_apps_contribute_is_found_by_its_type_in_the_order_of_the_tables() -> None:
    with wired(contributes=[Plate("b", "Back"), Owner("Ada"), Plate("a", "Front")]):
        assert contributions(Plate) == (Plate("b", "Back"), Plate("a", "Front"))
        assert contributions(Owner) == (Owner("Ada"),)
    assert contributions(Plate) == ()


def test_what_follows_a_moment_runs_at_once_in_the_order_of_the_tables() -> None:
    follows = [Follows(Opened, lambda opened: f"{opened.door} 1"), Follows(Opened, lambda opened: f"{opened.door} 2")]
    with wired(follows=follows):
        assert tell(Opened("gate")) == ["gate 1", "gate 2"]
    assert tell(Opened("gate")) == []


@dataclass(frozen=True, slots=True)
class AlsoCounted(Event):
    """Another event of the same topic."""

    topic = Counted.topic


@pytest.mark.parametrize(
    ("table", "why"),
    [
        (Table("x", events=[Counted, AlsoCounted]), "two events tests.counted"),
        (Table("x", hears=[Hears(Counted, hear), Hears(Counted, hear)]), "hear is named twice"),
        (Table("x", follows=[Follows(Opened, hear), Follows(Opened, hear)]), "hear is named twice"),  # type: ignore[arg-type]
        (Table("x", follows=[Follows(str, hear)]), "str is not a Moment"),  # type: ignore[arg-type]
        (Table("x", hears=[Hears(str, hear)]), "str is not an Event"),
        (Table("x", contributes=["a door"]), "str is not a kind of contribution"),  # type: ignore[list-item]
        (Table("x", contributes=[Plate("a", "In"), Plate("a", "Out")]), "another Plate 'a'"),
        (Table("x", contributes=[Owner("Ada"), Owner("Bola")]), "another Owner"),
    ],
)
def test_tables_that_contradict_themselves_or_each_other_are_refused(table: Table, why: str) -> None:
    with pytest.raises(WiringError, match=f"x: .*{why}"):
        Wiring([table])


def test_an_event_is_heard_or_for_listeners_outside() -> None:
    assert Wiring([Table("x", events=[Unheard, Counted])]).unheard() == [Unheard]
    assert Wiring([Table("x", events=[Unheard]), Table("y", hears=[Hears(Unheard, hear)])]).unheard() == []


def test_every_event_of_the_installed_apps_reaches_somebody() -> None:
    assert len(wiring.wiring().events) > 3
    assert wiring.wiring().unheard() == [], "Name each in HEARS of a wiring.py (docs/recipes/add-an-event.md)."


NOT_ITS_OWN = {"tenants": {"accounts_user"}}  # accounts lies below shops and knows none


def test_each_app_grants_its_own_tables() -> None:
    strange = {
        table.app: grant.table
        for table in wiring.read_tables()
        for grant in table.contributes
        if isinstance(grant, Grant)
        and not grant.table.startswith(f"{table.app.rpartition('.')[2]}_")
        and grant.table not in NOT_ITS_OWN.get(table.app, set())
    }
    assert strange == {}, "Grant a table in the wiring.py of its own app (docs/isolation.md)."


def test_no_app_config_wires_anything_itself() -> None:
    ready = {
        path: text.partition("def ready")[2]
        for path in Path(__file__).parents[2].glob("**/apps.py")
        if ".venv" not in path.parts and "def ready" in (text := path.read_text())
    }
    assert {line.strip() for body in ready.values() for line in body.splitlines()[1:] if line.strip()} == {
        "from carriers import checks  # noqa: F401 - register the system checks",
        "from gateway import checks  # noqa: F401 - register the system checks",
        "from kit import checks  # noqa: F401 - register the system checks",
        "from tenants.database import checks as database_checks  # noqa: F401 - register the system checks",
        "from tenants.schemas import checks  # noqa: F401 - register the system checks",
        "from kit.django_shortcuts import take_shortcuts",
        "take_shortcuts()",  # in every process, before its first request; it joins nothing (docs/adr/0059)
    }, "Join apps in their wiring.py, not in ready() (docs/adr/0014-events.md); only what is listed here stands there."


def test_the_system_check_names_what_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_wiring() == []
    with wired(events=[Unheard]):
        assert [error.id for error in check_wiring()] == ["kit.E002"]

    def broken() -> Wiring:
        return Wiring([Table("x", events=[Counted, AlsoCounted])])

    monkeypatch.setattr(wiring, "wiring", broken)
    assert [error.id for error in check_wiring()] == ["kit.E001"]


SHOP = 7
OLD_ROWS: list[tuple[str, dict[str, Any]]] = [
    ("order.paid", {"order_id": ID}),
    ("payment.returning", {"payment_id": ID, "amount_minor": 250}),
    ("stock.changed", {"variant_ids": [ID]}),
    ("shop.changed", {"fields": ["city", "name"]}),
    ("shop.changed", {"before": "live", "after": "holiday"}),
    ("vendor_order.packed", {"sub_order_id": ID}),
    ("vendor_order.shipped", {"sub_order_id": ID}),
    ("vendor_order.delivered", {"sub_order_id": ID}),
]


@pytest.mark.parametrize(("topic", "payload"), OLD_ROWS)
def test_rows_that_wait_from_before_the_events_had_classes_are_understood(topic: str, payload: dict[str, Any]) -> None:
    kind = wiring.find_event(topic)
    assert kind is not None
    said = encode(decode(kind, {"shop_id": SHOP, **payload}))
    assert {name: said[name] for name in payload} == payload
    assert said.get("shop_id", SHOP) == SHOP


def test_what_events_promise_to_say_is_written_down() -> None:
    """Topics and fields are kept for good: rows wait in the outbox, and others listen. Add to this, change nothing."""
    promised = {
        "order.paid": ["order_id"],
        "order.cancelled": ["order_id"],
        "order.unpaid": ["order_id"],
        "order.expired": ["order_id"],
        "order.part_released": ["shop_id", "sub_order_id"],
        "order.units_cancelled": ["reversal_id"],
        "order.address_changed": ["order_id", "sub_orders", "changed_by", "reason", "happened_at"],
        "order.link_requested": ["order_id", "requested_at"],
        "order.part_refunded": ["reversal_id"],
        "refund.set_off": ["refund_id", "amount_minor", "left_minor", "happened_at"],
        "message.sent": ["shop_id", "order_id", "sub_order_id", "message_id"],
        "return.moved": ["return_id", "place"],
        "dispute.moved": ["dispute_id", "move", "happened_at"],
        "category.changed": ["category_id", "after_shop", "after_listing"],
        "payment.returning": ["payment_id", "amount_minor"],
        "payment.failed": ["payment_id"],
        "stock.changed": ["shop_id", "variant_ids"],
        "shop.changed": ["shop_id", "fields", "before", "after"],
        "vendor_order.packed": ["shop_id", "sub_order_id", "happened_at"],
        "vendor_order.shipped": [
            *("shop_id", "sub_order_id", "carrier", "tracking_number", "happened_at", "parcel", "tracking_url"),
        ],
        "parcel.sent": [
            *("shop_id", "sub_order_id", "carrier", "tracking_number", "happened_at", "parcel", "tracking_url"),
        ],
        "parcel.delivered": ["shop_id", "sub_order_id", "parcel"],
        "vendor_order.delivered": ["shop_id", "sub_order_id", "delivered_by", "parcels"],
        "vendor_order.step_undone": ["shop_id", "sub_order_id", "step", "happened_at", "variants", "quantities"],
        "vendor_order.tracking_changed": [
            *("shop_id", "sub_order_id", "carrier", "tracking_number", "happened_at", "parcel", "tracking_url"),
        ],
        "vendor_order.dispatch_delayed": ["shop_id", "sub_order_id", "send_by_on", "happened_at"],
        "vendor_order.arrival_delayed": ["shop_id", "sub_order_id", "arrive_by_on", "happened_at"],
    }
    events = wiring.wiring().events
    assert {topic: list(schema_of(kind)["properties"]) for topic, kind in events.items()} == promised, (
        "Add a new event or field to `promised` and change nothing else there (docs/recipes/add-an-event.md)."
    )
    for kind in events.values():
        Draft202012Validator.check_schema(schema_of(kind))
