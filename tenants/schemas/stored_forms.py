"""Bring stored values of earlier releases into the form that they have today: `public`, then each shop's schema.

Done once no process of such a release runs any more, since one that knows no pairs can't read them (docs/adr/0038).
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic

from django.apps import apps
from django.db import models
from django_tenants.utils import get_public_schema_name, schema_context

from kit.stored.columns import FormedColumn, formed_columns
from kit.stored.converted_schemas import formed_schemas, note_formed
from kit.stored.parts import FormedPart, RowsFormed
from kit.stored.rewriting import Batch, rewrite
from kit.stored.table import StoredTable
from kit.wiring import contributions, tell
from kit.work.rounds import mend_connection
from tenants.database.recycling import return_connection
from tenants.schemas.graph import shop_labels
from tenants.schemas.look_up import ShopSchema, list_shop_schemas, occupied_schemas

logger = logging.getLogger(__name__)

Say = Callable[[str], object]


@dataclass(slots=True)
class Formed:
    """The outcome of a run.

    Args:
        left: why a schema is left for the next run, by its name.
    """

    schemas: int = 0
    rows: int = 0
    faults: int = 0
    left: dict[str, str] = field(default_factory=dict)


def bring_into_form(
    *, now: datetime, again: bool = False, seconds: float = float("inf"), say: Say = lambda _: None
) -> Formed:
    """Bring all schemas into form that are not; two statements where all are.

    What fails of one schema keeps none of the others from it. Killed at any moment, it goes on with the schema that it
    was at when it is called again.

    Args:
        again: look into those too that were brought into form before.
        seconds: when no further schema is begun.
        say: is given a line for each value that needs a person's look.
    """
    run, ends_at = Formed(), monotonic() + seconds
    with schema_context(get_public_schema_name()):
        done = set() if again else formed_schemas()
        public = get_public_schema_name()
        if public not in done:
            _form(None, public, run, now, say)
        shops = [shop for shop in list_shop_schemas() if shop.exists and shop.schema_name not in done]
        for shop in _with_rows(shops, run, now):
            if monotonic() > ends_at:
                break
            _form(shop, shop.schema_name, run, now, say)
            return_connection()
    return run


def form_restored(schema_name: str) -> list[str]:
    """Bring the rows of an archive into form that are laid out in a schema; return lines for the report."""
    faults: list[str] = []
    changed = 0
    for table in _tables(schema_name, in_shops=True):
        for batch in rewrite(table, told=lambda _: None):
            changed += len(batch.keys)
            faults += batch.faults
    said = [f"Rows whose texts or options were brought into today's form: {changed}."] if changed else []
    return said + faults


def _form(shop: ShopSchema | None, schema_name: str, run: Formed, now: datetime, say: Say) -> None:
    before = run.rows
    try:
        for batch in _batches(shop, schema_name, now):
            run.rows += len(batch.keys)
            run.faults += len(batch.faults)
            for line in batch.faults:
                say(f"{shop.slug}: {line}" if shop else line)
        run.rows += 0 if shop else sum(part.rewrite() for part in contributions(FormedPart))
    except Exception as error:  # an error in one schema's rows does not stop the others
        logger.exception("What is stored in %s could not be brought into form.", schema_name)
        run.left[schema_name] = str(error) or type(error).__name__
        mend_connection()
        return
    note_formed([schema_name], now=now)
    run.schemas += 1
    if run.rows > before:
        logger.info("What is stored in %s is in form now; rows changed: %s.", schema_name, run.rows - before)


def _batches(shop: ShopSchema | None, schema_name: str, now: datetime) -> Iterator[Batch]:
    shop_id = shop.shop_id if shop else None
    for table in _tables(schema_name, in_shops=shop is not None):

        def told(batch: Batch, label: str = table.label) -> None:
            tell(RowsFormed(shop_id, schema_name, label, batch.keys, batch.fields, now))

        yield from rewrite(table, told)


def _with_rows(shops: Sequence[ShopSchema], run: Formed, now: datetime) -> list[ShopSchema]:
    """Return the shops that hold anything; those that hold nothing are in form."""
    tables = [kind._meta.db_table for kind in _columns(in_shops=True)]  # noqa: SLF001 - documented
    occupied = occupied_schemas([shop.schema_name for shop in shops], tables=tables)
    empty = [shop.schema_name for shop in shops if shop.schema_name not in occupied]
    note_formed(empty, now=now)
    run.schemas += len(empty)
    return [shop for shop in shops if shop.schema_name in occupied]


def _tables(schema_name: str, *, in_shops: bool) -> list[StoredTable]:
    return [
        StoredTable(kind, columns, schema_name=schema_name) for kind, columns in _columns(in_shops=in_shops).items()
    ]


def _columns(*, in_shops: bool) -> dict[type[models.Model], list[FormedColumn]]:
    labels = shop_labels()
    kinds = apps.get_models()
    return formed_columns(kind for kind in kinds if (kind._meta.app_label in labels) is in_shops)  # noqa: SLF001
