"""Queries about one schema read that schema's part of the catalogues, with any number of other schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection

from tenants.archives.judging import check_values
from tenants.archives.tables import shapes_of
from tenants.schemas.build import describe_shop
from tenants.schemas.look_up import lock_tables
from tests.world.factories.catalogue import statements
from tests.world.shops import make_shop

pytestmark = pytest.mark.django_db

# By schema, object or table: each leads to the few entries that are wanted.
NARROW = {
    "pg_attrdef_adrelid_adnum_index",
    "pg_attribute_relid_attnum_index",
    "pg_class_oid_index",
    "pg_constraint_conrelid_contypid_conname_index",
    "pg_depend_depender_index",
    "pg_depend_reference_index",
    "pg_index_indrelid_index",
    "pg_index_indexrelid_index",
    "pg_proc_oid_index",
    "pg_rewrite_rel_rulename_index",
    "pg_trigger_tgrelid_tgname_index",
    "pg_type_oid_index",
}
GROWS = {index.split("_")[0] + "_" + index.split("_")[1] for index in NARROW}  # a catalogue that grows with shops
ASKS: dict[str, Callable[[str], object]] = {
    "describe": describe_shop,
    "shapes": shapes_of,
    "values": check_values,
    "tables": lambda schema: lock_tables(schema, "ACCESS SHARE"),
}
WHOLE = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = to_regnamespace('{schema}')"


@pytest.mark.parametrize("name", ASKS)
def test_one_schema_is_found_without_the_others(name: str) -> None:
    shop = make_shop("one-of-many")
    with statements() as asked:
        ASKS[name](shop.schema_name)
    of_catalogues = [text for text in asked if re.search(r"\bpg_(class|depend)\b", text)]
    assert of_catalogues
    assert {text: wide for text in of_catalogues if (wide := wide_scans(text))} == {}


def test_a_look_through_all_relations_is_seen() -> None:
    shop = make_shop("one-of-many")
    assert wide_scans(WHOLE.format(schema=shop.schema_name))


def wide_scans(statement: str) -> list[str]:
    """Return the scans of catalogues that read more than a schema's, a table's or an object's own entries."""
    with connection.cursor() as cursor:
        for way in ("seqscan", "hashjoin", "mergejoin"):  # the tests' catalogues are small enough to be read whole
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement}")
        [(plan,)] = cursor.fetchall()
    found = plan if isinstance(plan, list) else json.loads(plan)
    return [
        f"{node['Node Type']} {node.get('Index Name', '')} of {node.get('Relation Name', '')}"
        for node in _nodes(found[0]["Plan"])
        if (node.get("Relation Name") in GROWS or "Index Name" in node) and not _is_narrow(node)
    ]


def _is_narrow(node: dict[str, Any]) -> bool:
    if node["Node Type"] == "Bitmap Heap Scan":
        return True  # its indexes are nodes of their own
    relation = node.get("Relation Name") or node["Index Name"]
    return "Index Cond" in node and (node["Index Name"] in NARROW or not relation.startswith(tuple(GROWS)))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)
