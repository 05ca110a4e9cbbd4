"""Doing an import: confirmed by a person, applied by a bulk job, stopped, taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django_tenants.utils import schema_context
from psycopg import sql

from catalogue.capabilities import IMPORT_PRODUCTS
from catalogue.errors import ImportNotFoundError, ImportStepError
from catalogue.models import ImportState, RowState, StockImport
from catalogue.services.imports.changes import Change, Outcome, apply_changes
from kit.db.sql import execute, fetch_all, qualified
from kit.work import bulk
from tenants.errors import ShopNotFoundError
from tenants.life.lifecycle import check_allows
from tenants.models import Shop, ShopEventKind
from tenants.shops.audit_trail import record_event
from tenants.shops.locks import ShopState, lock_shop_state
from tenants.shops.selectors import get_shop

T = TypeVar("T")
APPLY, UNDO = "catalogue.stock_import", "catalogue.stock_undo"
ROWS_A_SLICE = 500

NEXT_ROWS = sql.SQL("""
SELECT line, variant_id, price_minor, on_hand, weight_g, tax_class, old_price_minor, old_compare_at_minor, old_on_hand,
       old_weight_g, old_tax_class FROM {row}
 WHERE stock_import_id = %s AND state = %s AND line > %s ORDER BY line LIMIT %s
""")
NOTE_APPLIED = sql.SQL("""
UPDATE {row} r SET state = n.state, message = n.message, old_price_minor = n.price_minor,
       old_compare_at_minor = n.compare_at_minor, old_on_hand = n.on_hand, old_weight_g = n.weight_g,
       old_tax_class = COALESCE(n.tax_class, '')
  FROM unnest(%(lines)s::int[], %(states)s::text[], %(messages)s::text[], %(prices)s::bigint[], %(was)s::bigint[],
              %(counts)s::int[], %(weights)s::int[], %(classes)s::text[])
       AS n(line, state, message, price_minor, compare_at_minor, on_hand, weight_g, tax_class)
 WHERE r.stock_import_id = %(import)s AND r.line = n.line
""")
NOTE_UNDONE = sql.SQL("""
UPDATE {row} r SET state = n.state, message = n.message
  FROM unnest(%(lines)s::int[], %(states)s::text[], %(messages)s::text[]) AS n(line, state, message)
 WHERE r.stock_import_id = %(import)s AND r.line = n.line
""")


def confirm_import(*, shop: Shop, import_id: UUID, actor_id: int, now: datetime) -> StockImport:
    """Have an import applied, in slices between those of other shops.

    Raises:
        ImportNotFoundError: the shop has no such import.
        ImportStepError: it was confirmed or discarded already, or would change nothing.
        ShopClosedError, ShopSuspendedError: the shop's status allows no change of prices.
    """
    check_allows(shop, IMPORT_PRODUCTS)
    with transaction.atomic(), schema_context(shop.schema_name):
        found = _lock(import_id)
        if found.state != ImportState.CHECKED:
            raise ImportStepError
        if not found.changes:
            raise ImportStepError(gettext("This file would change nothing."))
        job = _queue(shop, found, APPLY, total=found.changes, actor_id=actor_id, now=now)
        found.state, found.job_id = ImportState.CONFIRMED, job.pk
        found.save(update_fields=["state", "job_id"])
        _record(shop, found, ShopEventKind.IMPORT_CONFIRMED, actor_id, now, rows=found.changes)
    return found


def cancel_import(*, shop: Shop, import_id: UUID, actor_id: int, now: datetime) -> StockImport:
    """Discard an import that is not confirmed, or stop the one that runs; what it has changed stays, and can be undone.

    Raises:
        ImportNotFoundError: the shop has no such import.
        ImportStepError: nothing is left to stop.
    """
    with transaction.atomic(), schema_context(shop.schema_name):
        found = _lock(import_id)
        if found.state == ImportState.CHECKED:
            found.state = ImportState.DISCARDED
            found.save(update_fields=["state"])
            return found
        running = found.undo_job_id or found.job_id
        if running is None:
            raise ImportStepError
        try:
            job = bulk.cancel_job(job_id=running, shop_id=shop.pk, now=now)
        except (bulk.BulkJobOverError, bulk.BulkJobNotFoundError) as error:
            raise ImportStepError(gettext("This import is over already.")) from error
        _record(shop, found, ShopEventKind.IMPORT_CANCELLED, actor_id, now, done=job.done)
    return found


def undo_import(*, shop: Shop, import_id: UUID, actor_id: int, now: datetime) -> StockImport:
    """Restore the values that an import has replaced, except prices and counts that were changed since.

    Raises:
        ImportNotFoundError: the shop has no such import.
        ImportStepError: it still runs, changed nothing, or was taken back already.
        ShopClosedError, ShopSuspendedError: the shop's status allows no change of prices.
    """
    check_allows(shop, IMPORT_PRODUCTS)
    with transaction.atomic(), schema_context(shop.schema_name):
        found = _lock(import_id)
        job = bulk.find_job(job_id=found.job_id, shop_id=shop.pk) if found.job_id else None
        if found.undo_job_id or found.state != ImportState.CONFIRMED or (job is not None and job.is_open):
            raise ImportStepError
        total = found.row_set.filter(state=RowState.APPLIED).count()
        if not total:
            raise ImportStepError(gettext("This import has changed nothing that could be taken back."))
        found.undo_job_id = _queue(shop, found, UNDO, total=total, actor_id=actor_id, now=now).pk
        found.save(update_fields=["undo_job_id"])
        _record(shop, found, ShopEventKind.IMPORT_UNDONE, actor_id, now, rows=total)
    return found


def apply_slice(step: bulk.Slice, now: datetime) -> bulk.Progress:
    """Apply the next rows of an import, within the job's transaction."""
    state, rows = _rows_of(step, RowState.READY)
    changes = [_change(row) for row in rows]
    outcomes = apply_changes(state=state, changes=changes, source=_source(step), now=now)
    return _note(step, state, rows, outcomes, done=RowState.APPLIED, refused=RowState.REFUSED)


def undo_slice(step: bulk.Slice, now: datetime) -> bulk.Progress:
    """Take the next rows of an import back, within the job's transaction."""
    state, rows = _rows_of(step, RowState.APPLIED)
    changes = [_reverse(row) for row in rows]
    outcomes = apply_changes(state=state, changes=changes, source=_source(step), now=now)
    return _note(step, state, rows, outcomes, done=RowState.UNDONE, refused=RowState.KEPT)


def _change(row: Sequence[Any]) -> Change:
    """Return the change of a row: the file's values, if the current ones are still those of the check."""
    _, variant_id, price, on_hand, weight_g, tax_class, old_price, _, old_on_hand, old_weight_g, old_class = row
    return Change(
        variant_id,
        price_minor=price if price != old_price else None,
        on_hand=on_hand if on_hand != old_on_hand else None,
        if_price_minor=old_price,
        if_on_hand=old_on_hand,
        weight_g=weight_g if weight_g != old_weight_g else None,
        if_weight_g=old_weight_g,
        tax_class=tax_class if tax_class not in {"", old_class} else None,
        if_tax_class=old_class or None,
    )


def _reverse(row: Sequence[Any]) -> Change:
    """Return the change that takes a row back; what the row left alone is left alone again."""
    (
        _,
        variant_id,
        price,
        on_hand,
        weight_g,
        tax_class,
        old_price,
        old_compare_at,
        old_on_hand,
        old_weight_g,
        old_class,
    ) = row
    had_price = price is not None and price != old_price
    had_count = on_hand is not None and on_hand != old_on_hand
    return Change(
        variant_id,
        price_minor=old_price if had_price else None,
        on_hand=old_on_hand if had_count else None,
        if_price_minor=price,
        if_on_hand=on_hand,
        was_minor=old_compare_at if had_price else None,
        weight_g=_replaced(weight_g, old_weight_g),
        if_weight_g=weight_g,
        tax_class=_replaced(tax_class or None, old_class or None),
        if_tax_class=tax_class or None,
    )


def _replaced(new: T | None, old: T | None) -> T | None:
    """Return the value that a new one has replaced, or None where it has replaced none."""
    return old if new is not None and new != old else None


def _rows_of(step: bulk.Slice, wanted: RowState) -> tuple[ShopState, list[tuple[Any, ...]]]:
    """Lock the shop's row, and return its state and the next rows of the import."""
    shop_id = step.shop_id or 0
    state = lock_shop_state(shop_id=shop_id)
    check_allows(get_shop(shop_id=shop_id), IMPORT_PRODUCTS)
    if state is None:
        raise ShopNotFoundError
    table = qualified(state.schema_name, "catalogue_stockimportrow")
    params = [step.payload["import"], wanted.value, step.cursor, ROWS_A_SLICE]
    return state, fetch_all(NEXT_ROWS.format(row=table), params)


def _note(
    step: bulk.Slice,
    state: ShopState,
    rows: Sequence[tuple[Any, ...]],
    outcomes: Mapping[UUID, Outcome],
    *,
    done: RowState,
    refused: RowState,
) -> bulk.Progress:
    """Write the outcome of each row."""
    found = [outcomes[row[1]] for row in rows]
    before = [row[6:] if outcome.is_refused else outcome.replaced for row, outcome in zip(rows, found, strict=True)]
    prices, was, counts, weights, classes = map(list, zip(*before, strict=True)) if before else ([], [], [], [], [])
    params = {
        "import": step.payload["import"],
        "lines": [row[0] for row in rows],
        "states": [(refused if outcome.is_refused else done).value for outcome in found],
        "messages": [outcome.refusal for outcome in found],
        "prices": prices,
        "was": was,
        "counts": counts,
        "weights": weights,
        "classes": classes,
    }
    statement = NOTE_APPLIED if done is RowState.APPLIED else NOTE_UNDONE
    execute(statement.format(row=qualified(state.schema_name, "catalogue_stockimportrow")), params)
    return bulk.Progress(
        cursor=rows[-1][0] if rows else step.cursor,
        done=len(rows),
        refused=sum(1 for outcome in found if outcome.is_refused),
        is_finished=len(rows) < ROWS_A_SLICE,
    )


def _queue(shop: Shop, found: StockImport, kind: str, *, total: int, actor_id: int, now: datetime) -> Any:
    payload = {"import": str(found.pk), "file": found.file_name}
    return bulk.queue_job(kind=kind, shop_id=shop.pk, total=total, payload=payload, created_by_id=actor_id, now=now)


def _source(step: bulk.Slice) -> str:
    return f"import {step.payload['import']}"


def _record(shop: Shop, found: StockImport, kind: ShopEventKind, actor_id: int, now: datetime, **details: int) -> None:
    record_event(
        shop_id=shop.pk,
        actor_id=actor_id,
        kind=kind,
        subject=found.file_name,
        details={"import": str(found.pk), **details},
        now=now,
    )


def _lock(import_id: UUID) -> StockImport:
    found = StockImport.objects.select_for_update().filter(pk=import_id).first()
    if found is None:
        raise ImportNotFoundError
    return found
