"""Taking in a file: kept, read, and held against the shop's variants, so that a person sees what it would do."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.files import File
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext, gettext_noop
from django_tenants.utils import schema_context
from psycopg import sql

from catalogue.capabilities import IMPORT_PRODUCTS
from catalogue.errors import ImportFileError
from catalogue.models import ImportState, RowState, StockImport
from catalogue.services.imports.reading import MAX_BYTES, FileRow, read_table
from catalogue.stored_sentences import COUNT_RESERVED, OTHER_TAX_CLASS
from kit.db.sql import execute, fetch_all, qualified
from kit.ids import uuid7
from kit.work import bulk
from tenants.life.lifecycle import check_allows
from tenants.models import Shop
from tenants.shops.files import shop_uploads

ROWS_A_LOOK = 2_000
KEPT = timedelta(days=30)
UNDECIDED_KEPT = timedelta(days=1)

LOOK_UP = sql.SQL("""
SELECT v.sku, v.id, v.price_minor, v.compare_at_minor, s.on_hand, s.reserved, COALESCE(v.weight_g, 0), p.tax_class, p.id
  FROM {variant} v JOIN {product} p ON p.id = v.product_id AND p.deleted_at IS NULL
  JOIN {stock} s ON s.variant_id = v.id
 WHERE v.sku = ANY(%s) AND v.deleted_at IS NULL
""")
# Arrays, not COPY: on a shop's host, only plain reads and writes are sent.
STORE = sql.SQL("""
INSERT INTO {row} (stock_import_id, line, sku, variant_id, price_minor, on_hand, old_price_minor, old_compare_at_minor,
                   old_on_hand, weight_g, old_weight_g, tax_class, old_tax_class, state, message)
SELECT %s, n.* FROM unnest(%s::int[], %s::text[], %s::uuid[], %s::bigint[], %s::int[], %s::bigint[], %s::bigint[],
                           %s::int[], %s::int[], %s::int[], %s::text[], %s::text[], %s::text[], %s::text[]) AS n
""")


def check_upload(
    *, shop: Shop, upload: BinaryIO, file_name: str, size: int, created_by_id: int, now: datetime
) -> StockImport:
    """Store a file and, for each row, its changes or its refusal; no product is changed yet.

    Raises:
        ImportFileError: the file is too large, or is no table that we can read; nothing is kept.
        ShopClosedError, ShopSuspendedError: the shop's status allows no change of prices.
    """
    check_allows(shop, IMPORT_PRODUCTS)
    if size > MAX_BYTES:
        raise ImportFileError(
            gettext("The file is larger than %(megabytes)s MB.") % {"megabytes": MAX_BYTES // 1024 // 1024}
        )
    purge_imports(shop=shop, now=now)
    made = StockImport(
        id=uuid7(), file_name=file_name[-160:] or "file.csv", created_by_id=created_by_id, created_at=now
    )
    uploads = shop_uploads(shop.pk)
    made.file = uploads.save(f"{uploads.path}imports/{made.pk}.csv", File(upload))
    try:
        with uploads.open(made.file) as kept, transaction.atomic(), schema_context(shop.schema_name):
            table = read_table(cast("BinaryIO", kept), currency=shop.currency)
            made.columns_read, made.columns_unread = table.columns.read, table.columns.unread
            made.save(force_insert=True)
            _store_rows(shop, made, table.rows)
            made.save(update_fields=["rows", "faulty", "changes"])
    except BaseException:
        uploads.delete(made.file)
        raise
    return made


def purge_imports(*, shop: Shop, now: datetime) -> int:
    """Remove a shop's imports older than a month, and those that were not confirmed within a day."""
    with transaction.atomic(), schema_context(shop.schema_name):
        old = StockImport.objects.filter(
            Q(created_at__lt=now - KEPT) | Q(created_at__lt=now - UNDECIDED_KEPT) & ~Q(state=ImportState.CONFIRMED)
        )
        gone = list(old.select_for_update(skip_locked=True).order_by("id"))
        jobs = [job_id for each in gone for job_id in (each.job_id, each.undo_job_id) if job_id]
        known = bulk.find_jobs(job_ids=jobs, shop_id=shop.pk)
        busy = {job_id for job_id, job in known.items() if job.is_open}
        gone = [each for each in gone if not {each.job_id, each.undo_job_id} & busy]
        StockImport.objects.filter(pk__in=[each.pk for each in gone]).delete()
        for each in gone:
            transaction.on_commit(partial(shop_uploads(shop.pk).delete, each.file))
    return len(gone)


def _store_rows(shop: Shop, made: StockImport, rows: Iterator[FileRow]) -> None:
    """Check rows by the thousand and write them to the shop's table."""
    classes: dict[UUID, str] = {}
    while batch := list(islice(rows, ROWS_A_LOOK)):
        known = _look_up(shop, [row.sku for row in batch if not row.fault])
        stored = [_judge(_of_one_class(row, known.get(row.sku), classes), known.get(row.sku)) for row in batch]
        columns = [list(column) for column in zip(*stored, strict=True)]
        execute(STORE.format(row=qualified(shop.schema_name, "catalogue_stockimportrow")), [made.pk, *columns])
        states = [values[-2] for values in stored]
        made.rows += len(batch)
        made.faulty += states.count(RowState.FAULTY.value)
        made.changes += states.count(RowState.READY.value)


def _look_up(shop: Shop, skus: Sequence[str]) -> dict[str, tuple[Any, ...]]:
    tables = {
        name: qualified(shop.schema_name, f"catalogue_{table}")
        for name, table in (("product", "product"), ("variant", "variant"), ("stock", "stocklevel"))
    }
    return {row[0]: row[1:] for row in fetch_all(LOOK_UP.format(**tables), [list(skus)])}


def _of_one_class(row: FileRow, known: tuple[Any, ...] | None, classes: dict[UUID, str]) -> FileRow:
    """Return a row, at fault where an earlier one gives its product another tax class: a product has one.

    Args:
        classes: those that the file has given, by product; this row's is added.
    """
    if known is None or row.fault or not row.tax_class:
        return row
    earlier = classes.setdefault(known[-1], row.tax_class)
    if earlier == row.tax_class:
        return row
    return replace(row, fault=OTHER_TAX_CLASS.written(name=earlier))


def _judge(row: FileRow, known: tuple[Any, ...] | None) -> tuple[Any, ...]:
    """Return the columns of a row: the file's values, the current ones, and the outcome."""
    said = (row.price_minor, row.on_hand)
    if row.fault or known is None:
        fault = row.fault or gettext_noop("No variant has this SKU.")
        more = (row.weight_g, None, row.tax_class, "")
        return (row.line, row.sku, None, *said, None, None, None, *more, RowState.FAULTY.value, fault[:200])
    variant_id, price, compare_at, on_hand, reserved, weight_g, tax_class, _ = known
    state, message = RowState.READY, ""
    is_same = row.weight_g in {None, weight_g} and row.tax_class in {"", tax_class}
    if row.on_hand is not None and row.on_hand < reserved:
        state, message = RowState.FAULTY, COUNT_RESERVED.written(reserved=reserved, on_hand=row.on_hand)
    elif is_same and row.price_minor in {None, price} and row.on_hand in {None, on_hand}:
        state = RowState.SAME
    more = (row.weight_g, weight_g, row.tax_class, tax_class)
    return (row.line, row.sku, variant_id, *said, price, compare_at, on_hand, *more, state.value, message)
