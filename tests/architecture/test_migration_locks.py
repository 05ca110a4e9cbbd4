"""A migration of a market that is open locks no table while it reads its rows, and suits the release that runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import Q
from django.db.models.fields import PositiveIntegerRelDbTypeMixin

from tests.architecture.sources import own_apps

# The newest that markets have run already, for each app.
RELEASED = {
    "accounts": "0001", "catalogue": "0002", "checkout": "0001", "console": "0008", "discovery": "0001",
    "fulfilment": "0001", "kit": "0002", "notifications": "0001", "payouts": "0003", "tenants": "0009",
    "webhooks": "0001",
}  # fmt: skip
# Tables that stay short: some accounts for each shop, and one shop's own records.
SHORT = {
    ("payouts", "0004_account_codes"),
    ("payouts", "0011_hand_payments"),  # a run or some a day
    ("payouts", "0013_commission_guards"),  # of a table that was made before it, in the same release
    ("fulfilment", "0002_amounts"),
    ("fulfilment", "0006_cancelled_units"),
    ("fulfilment", "0007_station_methods"),
    ("fulfilment", "0008_carrier_methods"),
    ("fulfilment", "0009_parcels"),
}
SPLIT = (
    "Add a constraint by AddConstraintNotValid and validate it in the next migration, as checkout's 0028 and 0029 do; "
    "an index by AddIndexConcurrently, as its 0009."
)
SCANS = re.compile(
    r"CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)|ADD CONSTRAINT (?![^,;]*NOT VALID)|^\s*(UPDATE|DELETE) ", re.MULTILINE
)


def in_the_database(operations: Sequence[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from in_the_database(operation.database_operations)
        else:
            yield operation


def scans(operation: Operation) -> bool:
    """Return whether an operation reads a whole table while it keeps it locked."""
    match operation:
        case AddIndexConcurrently() | AddConstraintNotValid():
            return False
        case migrations.AddIndex() | migrations.AddConstraint():
            return True
        case migrations.AddField(field=field):
            has_check = isinstance(field, PositiveIntegerRelDbTypeMixin)
            facts: dict[str, Any] = vars(field)
            return has_check or field.unique or facts["db_index"] or field.remote_field is not None
        case migrations.RunSQL(sql=str(sql)):
            return bool(SCANS.search(sql))
    return False


def scanning(operations: Sequence[Operation]) -> list[Operation]:
    """Return what scans a table that was there before."""
    found = list(in_the_database(operations))
    new = {operation.name_lower for operation in found if isinstance(operation, migrations.CreateModel)}
    return [each for each in found if scans(each) and getattr(each, "model_name_lower", "") not in new]


def test_no_new_migration_scans_a_table_that_it_keeps_locked() -> None:
    nodes = MigrationLoader(None).graph.nodes
    new = {key: nodes[key] for key in nodes if key[0] in own_apps() and key[1][:4] > RELEASED.get(key[0], "0000")}
    assert ("checkout", "0009_waiting_indexes") in new
    found = {key: bad for key, each in new.items() if (bad := scanning(each.operations)) and key not in SHORT}
    assert found == {}, SPLIT


def unfilled(operations: Sequence[Operation]) -> list[Operation]:
    """Return new columns of tables that were there before, which the release that runs cannot write rows without."""
    found = list(in_the_database(operations))
    new = {operation.name_lower for operation in found if isinstance(operation, migrations.CreateModel)}
    added = [each for each in found if isinstance(each, migrations.AddField) and each.model_name_lower not in new]
    return [each for each in added if not (each.field.null or each.field.has_db_default() or each.field.many_to_many)]


def test_a_new_column_fills_itself() -> None:
    nodes = MigrationLoader(None).graph.nodes
    new = {key: nodes[key] for key in nodes if key[0] in own_apps() and key[1][:4] > RELEASED.get(key[0], "0000")}
    assert {key: bad for key, each in new.items() if (bad := unfilled(each.operations))} == {}, "Give it db_default."


def test_a_column_that_nothing_fills_is_found() -> None:
    """The control."""
    bad = migrations.AddField("payment", "note", models.CharField(max_length=9, default=""))
    filled = migrations.AddField("payment", "note", models.CharField(max_length=9, default="", db_default=""))
    empty = migrations.AddField("payment", "note", models.CharField(max_length=9, null=True))
    assert unfilled([bad, filled, empty]) == [bad]
    assert unfilled([migrations.CreateModel("Payment", []), bad]) == []


CHECK = models.CheckConstraint(condition=Q(amount__gt=0), name="positive")
INDEX = models.Index(fields=["amount"], name="by_amount")
CHECKED, UNCHECKED = models.PositiveSmallIntegerField(db_default=0), models.SmallIntegerField(db_default=0)
COLUMN = "ALTER TABLE t ADD COLUMN a smallint, ADD CONSTRAINT c CHECK (a > 0)"


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        (migrations.AddIndex("payment", INDEX), AddIndexConcurrently("payment", INDEX)),
        (migrations.AddConstraint("payment", CHECK), AddConstraintNotValid("payment", CHECK)),
        (migrations.AddField("payment", "n", CHECKED), migrations.AddField("payment", "n", UNCHECKED)),
        (migrations.RunSQL("CREATE INDEX i ON t (a)"), migrations.RunSQL("CREATE INDEX CONCURRENTLY i ON t (a)")),
        (migrations.RunSQL(COLUMN), migrations.RunSQL(f"{COLUMN} NOT VALID")),
    ],
)
def test_a_scan_is_found(bad: Operation, good: Operation) -> None:
    nested = migrations.SeparateDatabaseAndState(database_operations=[bad])
    assert scanning([nested, good]) == [bad]
    assert scanning([migrations.CreateModel("Payment", []), migrations.AddIndex("payment", INDEX)]) == []
