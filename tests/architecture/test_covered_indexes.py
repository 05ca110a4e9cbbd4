"""No table keeps an index whose columns another of its indexes begins with: writes pay for it, no read needs it."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection

from tests.architecture.sources import own_apps
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
COVERED = """
WITH found AS (
    SELECT i.indrelid, i.indexrelid, i.indisunique, c.relname AS name, t.relname AS table_name,
           string_to_array(i.indkey::text, ' ') AS columns
      FROM pg_index i
      JOIN pg_class c ON c.oid = i.indexrelid
      JOIN pg_am m ON m.oid = c.relam AND m.amname = 'btree'
      JOIN pg_class t ON t.oid = i.indrelid
      JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE n.nspname = ANY(%s) AND t.relname = ANY(%s) AND i.indpred IS NULL AND i.indexprs IS NULL)
SELECT DISTINCT a.table_name, a.name
  FROM found a JOIN found b ON a.indrelid = b.indrelid AND a.indexrelid <> b.indexrelid
 WHERE NOT a.indisunique AND b.columns[1:cardinality(a.columns)] = a.columns
"""
# Apps whose tables stay short (people and shops), where Django's own indexes are left as they are.
SHORT = {"accounts", "tenants"}
SHORT_TABLES = {
    "discovery_category",
    "discovery_searchword",
    "payouts_bankaccount",
    "payouts_transferpace",
    "payouts_unapprovedday",
}


def covered(*schemas: str) -> set[tuple[str, str]]:
    tables = {
        model._meta.db_table
        for label in own_apps().keys() - SHORT
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }
    with connection.cursor() as cursor:
        cursor.execute(COVERED, [list(schemas), sorted(tables - SHORT_TABLES)])
        return set(cursor.fetchall())


def test_no_index_is_the_beginning_of_another() -> None:
    assert covered("public", open_shop("cloth-hall").schema_name) == set(), (
        "Give the key `db_index=False`, or leave the index out: a constraint or another index begins with its columns."
    )


def test_one_that_is_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX once_more ON public.checkout_suborder (order_id)")
        cursor.execute("CREATE INDEX by_prefix ON public.checkout_order (number varchar_pattern_ops)")
    assert covered("public") == {("checkout_suborder", "once_more"), ("checkout_order", "by_prefix")}
