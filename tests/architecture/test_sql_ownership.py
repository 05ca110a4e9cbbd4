"""A table is named in SQL by its own app, whole, or stands here with a reason.

What this cannot see: the name of a table in a variable, an argument or a row, that goes into a named placeholder
(`FROM {table}`) or into an Identifier; whoever hands it over names it, mostly in a string that is seen.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import pytest
from django.apps import apps

from tests.architecture.sources import ROOT, app_of, nodes, own_apps, python_files
from tests.architecture.statements import Text, all_texts, texts_in

SEARCH = "search joins the shop to its listings: a look-up of shops by id would be a second round trip for each page"
PROJECTION = "listings are made from the shop's own tables, read in one statement"
AUDIT = "an audit that asked the other app's services would believe them"
REPLAY = "what a replay came to is read past the services that it tries"
REPAIR = "what one app's records have and the other's lack is found by one anti-join over all of them"

# File, and the tables of other apps that it names, each with the reason.
FOREIGN: Mapping[str, Mapping[str, str]] = {
    "catalogue/discovery/selectors/listings.py": {
        "tenants_shop": SEARCH,
        **dict.fromkeys(
            ("catalogue_product", "catalogue_stocklevel", "catalogue_variant"),
            "a product's page shows the stock of the moment; hot, one round trip",
        ),
    },
    "catalogue/discovery/selectors/preview.py": {"tenants_shop": "the columns of a card, as in search"},
    "catalogue/discovery/selectors/sql/broad_page.sql": {"tenants_shop": SEARCH},
    "catalogue/discovery/selectors/sql/facet_counts.sql": {"tenants_shop": SEARCH},
    "catalogue/discovery/selectors/sql/ranked_page.sql": {"tenants_shop": SEARCH},
    "catalogue/discovery/selectors/sql/sorted_page.sql": {"tenants_shop": SEARCH},
    "catalogue/discovery/services/projection.py": {"catalogue_stocklevel": PROJECTION},
    "catalogue/discovery/services/projection_sql.py": {
        "catalogue_product": PROJECTION,
        "catalogue_productimage": PROJECTION,
        "catalogue_stocklevel": PROJECTION,
        "catalogue_variant": PROJECTION,
    },
    "catalogue/discovery/services/restored.py": {"catalogue_product": PROJECTION, "catalogue_variant": PROJECTION},
    "catalogue/selectors/offers.py": {
        "discovery_listingvariant": "who sells a variant is known to the listings alone; hot, one round trip",
        "tenants_shop": "who sells a variant, with the facts of the shop; hot, one round trip",
    },
    "checkout/audit/sql/exchanges.sql": dict.fromkeys(("payouts_account", "payouts_entry", "payouts_journal"), AUDIT),
    "checkout/audit/sql/payments_booked.sql": dict.fromkeys(
        ("payouts_account", "payouts_entry", "payouts_journal"), AUDIT
    ),
    "checkout/audit/sql/refunds_booked.sql": dict.fromkeys(
        ("payouts_account", "payouts_entry", "payouts_journal"), AUDIT
    ),
    "checkout/audit/sql/refunds_owed.sql": dict.fromkeys(("payouts_account", "payouts_entry"), AUDIT),
    "checkout/audit/sql/refunds_set_off.sql": dict.fromkeys(("payouts_dispute", "payouts_disputesetoff"), AUDIT),
    "checkout/audit/sql/releases_held.sql": dict.fromkeys(("payouts_releasehold", "payouts_releaseschedule"), AUDIT),
    "checkout/audit/sql/releases_scheduled.sql": {"payouts_releaseschedule": AUDIT},
    "checkout/audit/sql/reversals.sql": dict.fromkeys(("payouts_disputepart", "payouts_journal"), AUDIT),
    "checkout/audit/sql/sales_paid.sql": {"payouts_journal": AUDIT},
    "checkout/audit/sql/shares.sql": dict.fromkeys(("payouts_account", "payouts_entry"), AUDIT),
    "checkout/audit/sql/shop_terms.sql": {"tenants_shop": AUDIT},
    "checkout/fulfilment/sql/stock_reserved.sql": {"catalogue_stocklevel": AUDIT},
    "checkout/releasing/sql/stray_holds.sql": dict.fromkeys(("payouts_releasehold", "payouts_releaseschedule"), REPAIR),
    "checkout/releasing/sql/unscheduled.sql": {"payouts_releaseschedule": REPAIR},
    "platform/replay/sql/replayed_orders.sql": dict.fromkeys(
        ("checkout_order", "checkout_suborder", "kit_idempotencykey"), REPLAY
    ),
    "platform/replay/totals.py": dict.fromkeys(
        ("catalogue_stocklevel", "catalogue_stockmovement", "payouts_balance", "payouts_entry"), REPLAY
    ),
    "tenants/archives/own_parts.py": {"accounts_user": "an archive names people by their e-mail addresses"},
    "tenants/wiring.py": {"accounts_user": "what shops' roles may read of people; accounts know of no shops"},
}


ANY_TABLE = "its tables are those of a schema, as listed by the server or the models"
# Files whose SQL takes the name of a table from a placeholder without a name, each with the reason.
NAMELESS: Mapping[str, str] = {
    "platform/paystack_sandbox/store.py": "the sandbox's own SQLite tables",
    "tenants/schemas/artefact.py": ANY_TABLE,
    "tenants/schemas/look_up.py": ANY_TABLE,
    "tenants/database/roles.py": ANY_TABLE,
}
# Files that ask models for the names of their tables, each with the reason.
ASKS_MODELS: Mapping[str, str] = {
    "platform/kit/stored/table.py": "it goes through the tables of the models that it is given",
    "platform/kit/db/rows.py": "it writes rows of the models that it is given",
    "platform/kit/work/leased.py": "it claims rows of the model that it is given",
    "tenants/archives/judging.py": "it looks through the tables of all of a shop's models",
    "tenants/schemas/checks.py": "it compares the names alone",
    "tenants/schemas/stored_forms.py": "it looks which of the tables of all of a shop's models hold anything",
}
# `{}_entry`, `pay{}outs`, and `FROM {}`; `{schema}.payouts_entry` and `FROM {entry}` have names of their own.
GLUED = re.compile(
    r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+(?:ONLY\s+)?[\w.]*(?:\{\}|%s)|\}_\w|\w_\{|%s_\w|\w_%s|%\(\w+\)s_\w|\w_%\("
)


@lru_cache(maxsize=1)
def tables() -> Mapping[str, str]:
    """Return the app of each table of ours."""
    ours = own_apps()
    return {
        model._meta.db_table: model._meta.app_label
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in ours
    }


@lru_cache(maxsize=1)
def _named() -> re.Pattern[str]:
    """Match the name of a table, whole or put together from an app's label and a value."""
    names = sorted(tables(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(names)})\b|\b(?:{'|'.join(own_apps())})_(?=\{{|%s|%\()")


def foreign_tables(text: Text) -> Iterator[str]:
    """Yield the tables in a text that are not of its file's app."""
    own = app_of(text.path)
    for name in _named().findall(text.text):
        if tables().get(name, name.rstrip("_")) != own:
            yield name


def is_glued(text: Text) -> bool:
    """Return whether SQL puts the name of a table together, or takes it from a placeholder without a name."""
    return text.is_sql and GLUED.search(text.text) is not None


def asks_models(source: str) -> bool:
    """Return whether a module asks a model for the name of its table."""
    return any(isinstance(node, ast.Attribute) and node.attr == "db_table" for node in nodes(source))


def test_tables_are_named_by_their_own_app() -> None:
    found: dict[str, set[str]] = {}
    for text in all_texts():
        for table in foreign_tables(text):
            found.setdefault(str(text.path.relative_to(ROOT)), set()).add(table)
    assert found == {path: set(named) for path, named in FOREIGN.items()}, (
        "Call the selector or service of the table's own app, or name the file and the table in FOREIGN with the reason"
        " (docs/adr/0020-statements-belong-to-their-apps.md)."
    )


def test_names_of_tables_stand_whole_in_sql() -> None:
    assert {str(text.path.relative_to(ROOT)) for text in all_texts() if is_glued(text)} == NAMELESS.keys()


def test_models_are_not_asked_for_the_names_of_their_tables() -> None:
    asking = {path for path in python_files() if asks_models(path.read_text(encoding="utf-8"))}
    assert {str(path.relative_to(ROOT)) for path in asking} == ASKS_MODELS.keys()


@pytest.mark.parametrize(
    "source",
    [
        'X = f"SELECT 1 FROM {app}_entry"',
        'X = f"SELECT 1 FROM public.{app}_entry"',
        'X = "SELECT 1 FROM payouts_%s" % name',
        'X = "SELECT 1 FROM %s" % name',
        'X = "SELECT 1 FROM shop JOIN {}_entry ON true".format("payouts")',
        'X = sql.SQL("SELECT 1 FROM {app}_entry").format(app=app)',
        'X = "DELETE FROM %(app)s_entry" % {"app": app}',
        'X = "INSERT INTO " + table + " VALUES (1)"',
        'X = "".join(["UPDATE ", table, " SET id = 1"])',
    ],
)
def test_a_glued_name_is_found(source: str) -> None:
    assert [text for text in texts_in(source, ROOT / "checkout/orders/x.py") if is_glued(text)]


@pytest.mark.parametrize(
    "source",
    [
        'X = sql.SQL("SELECT id FROM {schema}.checkout_order WHERE {where}")',
        'X = sql.SQL("UPDATE {order} SET status = %s WHERE id = %(id)s")',
        'X = f"SELECT {columns} FROM checkout_order"',
        'X = f"value_{name}"',
    ],
)
def test_placeholders_beside_whole_names_are_left_alone(source: str) -> None:
    assert not [text for text in texts_in(source, ROOT / "checkout/orders/x.py") if is_glued(text)]


def test_a_model_that_is_asked_is_found() -> None:
    assert asks_models('X = f"SELECT 1 FROM {Entry._meta.db_table}"')
    assert asks_models("X = sql.Identifier(Entry._meta.db_table)")
    assert not asks_models("class Entry:\n    class Meta:\n        db_table = 'payouts_entry'")


@pytest.mark.parametrize(
    ("path", "source", "table"),
    [
        ("checkout/orders/x.py", 'X = "SELECT id FROM public.payouts_entry"', "payouts_entry"),
        ("checkout/orders/x.py", 'X = sql.SQL("DELETE FROM tenants_shop")', "tenants_shop"),
        ("checkout/orders/x.py", 'X = qualified(schema_name, "catalogue_product")', "catalogue_product"),
        ("checkout/orders/x.py", 'X = f"SELECT {columns} FROM accounts_user"', "accounts_user"),
        ("checkout/orders/x.py", 'X = [qualified(schema, f"catalogue_{name}") for name in names]', "catalogue_"),
        ("checkout/orders/x.py", 'X = "payouts_%s" % name', "payouts_"),
        ("checkout/orders/x.py", 'X = sql.Identifier("public", "payouts" + "_" + "entry")', "payouts_entry"),
        ("checkout/orders/x.py", 'X = "".join(["SELECT 1 FROM payouts", "_entry"])', "payouts_entry"),
        ("checkout/orders/x.py", 'X = "SELECT 1 " + "FROM fulfilment_shipment"', "fulfilment_shipment"),
        ("checkout/fulfilment/x.py", 'X = "SELECT id FROM checkout_order"', "checkout_order"),
        ("platform/runtime/x.py", 'X = "SELECT id FROM kit_bulkjob"', "kit_bulkjob"),
    ],
)
def test_another_app_s_table_is_found(path: str, source: str, table: str) -> None:
    assert [name for text in texts_in(source, ROOT / path) for name in foreign_tables(text)] == [table]


def test_another_app_s_table_in_a_file_is_found() -> None:
    text = Text(ROOT / "payouts/audit/sql/x.sql", 1, "SELECT id\n  FROM {schema}.catalogue_product\n")
    assert list(foreign_tables(text)) == ["catalogue_product"]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("checkout/orders/x.py", 'X = "SELECT id FROM checkout_order JOIN checkout_suborder USING (id)"'),
        ("checkout/orders/x.py", 'def f():\n    """Read payouts_entry."""'),
        ("catalogue/discovery/x.py", 'X = "SELECT id FROM discovery_listing"'),
        ("checkout/orders/x.py", 'X = "checkout_orders_of_accounts_users"'),
    ],
)
def test_an_app_s_own_tables_are_left_alone(path: str, source: str) -> None:
    assert not [name for text in texts_in(source, Path(ROOT / path)) for name in foreign_tables(text)]
