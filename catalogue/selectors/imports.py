"""A shop's imports of prices and stock. Everything returned is materialised inside the shop's schema."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Count, Q
from django_tenants.utils import schema_context
from psycopg import sql

from catalogue.errors import ImportNotFoundError
from catalogue.models import ImportState, RowState, StockImport, StockImportRow
from kit.db.sql import fetch_all, qualified
from kit.models import BulkJob, BulkState
from kit.text.labelled import labelled
from kit.text.pairs import pairs_of
from kit.work import bulk

if TYPE_CHECKING:
    from tenants.models import Shop

SHOWN_ROWS = 100
HAS_PROBLEM = ~Q(message="")
ROWS_A_READ = 2_000

VARIANTS = sql.SQL("""
SELECT v.id, v.sku, p.title, v.options::json, v.price_minor, s.on_hand, v.weight_g, p.tax_class
  FROM {variant} v JOIN {product} p ON p.id = v.product_id AND p.deleted_at IS NULL
  JOIN {stock} s ON s.variant_id = v.id
 WHERE v.deleted_at IS NULL AND v.id > %s ORDER BY v.id LIMIT %s
""")


@dataclass(frozen=True, slots=True)
class ImportStatus:
    """An import with its bulk jobs and the states of its rows."""

    stock_import: StockImport
    job: BulkJob | None
    undo_job: BulkJob | None
    counts: dict[str, int]
    problem_rows: int = 0  # rows that something is wrong with, or was left alone in

    @property
    def stage(self) -> str:
        """Return the stage: checked, discarded, waiting, running, done, failed, cancelled, undoing or undone."""
        state = self.stock_import.state
        if state != ImportState.CONFIRMED:
            return str(state)
        if self.undo_job is not None:
            return "undoing" if self.undo_job.is_open else "undone"
        if self.job is None:
            return "done"  # so long ago that the job's record has gone
        return "waiting" if self.job.state == BulkState.QUEUED and not self.job.done else str(self.job.state)

    @property
    def current_job(self) -> BulkJob | None:
        """Return the job that runs, or ran last."""
        return self.undo_job or self.job

    @property
    def can_be_undone(self) -> bool:
        """Return whether there is something to take back."""
        is_over = self.job is None or not self.job.is_open
        return self.undo_job is None and is_over and self.counts.get(RowState.APPLIED, 0) > 0


def get_import(*, shop: "Shop", import_id: UUID) -> ImportStatus:
    """Return an import and how far it is.

    Raises:
        ImportNotFoundError: the shop has no such import.
    """
    with schema_context(shop.schema_name):
        found = StockImport.objects.filter(pk=import_id).first()
        if found is None:
            raise ImportNotFoundError
        told = Count("id", filter=HAS_PROBLEM)
        by_state = list(found.row_set.values("state").annotate(number=Count("id"), told=told).order_by("state"))
    status = _with_jobs(shop, [found])[0]
    counts = {row["state"]: row["number"] for row in by_state}
    return replace(status, counts=counts, problem_rows=sum(row["told"] for row in by_state))


def list_imports(*, shop: "Shop", limit: int = 20) -> list[ImportStatus]:
    """Return the latest imports, newest first, without their rows' counts."""
    with schema_context(shop.schema_name):
        found = list(StockImport.objects.order_by("-created_at", "-id")[:limit])
    return _with_jobs(shop, found)


def names_of_imports(*, shop: "Shop", ids: Collection[str]) -> dict[str, str]:
    """Return the names of imported files by the import's id; imports that are gone are left out."""
    if not ids:
        return {}
    with schema_context(shop.schema_name):
        found = dict(StockImport.objects.filter(pk__in=ids).values_list("id", "file_name"))
    return {str(import_id): name for import_id, name in found.items()}


def first_changes(*, shop: "Shop", import_id: UUID) -> list[StockImportRow]:
    """Return the first rows that would change something, or did."""
    changing = Q(state__in=(RowState.READY, RowState.APPLIED, RowState.UNDONE))
    return _rows(shop, import_id, changing, limit=SHOWN_ROWS)


def first_problems(*, shop: "Shop", import_id: UUID, limit: int = SHOWN_ROWS) -> list[StockImportRow]:
    """Return the first rows that something is wrong with."""
    return _rows(shop, import_id, HAS_PROBLEM, limit=limit)


def iterate_problems(*, shop: "Shop", import_id: UUID) -> Iterator[StockImportRow]:
    """Return all rows that something is wrong with, a batch at a time."""
    after = 0
    while rows := _rows(shop, import_id, HAS_PROBLEM, after=after, limit=ROWS_A_READ):
        yield from rows
        after = rows[-1].line


def iterate_variants(*, shop: "Shop") -> Iterator[tuple[str, str, str, int, int, int | None, str]]:
    """Return SKU, title, options, price, count, weight and tax class of every variant of a shop, a batch at a time."""
    tables = {
        name: qualified(shop.schema_name, f"catalogue_{table}")
        for name, table in (("product", "product"), ("variant", "variant"), ("stock", "stocklevel"))
    }
    after = UUID(int=0)
    while rows := fetch_all(VARIANTS.format(**tables), [after, ROWS_A_READ]):
        for _, sku, title, options, *values in rows:
            shown = ", ".join(labelled(name, value) for name, value in pairs_of(options))
            price_minor, on_hand, weight_g, tax_class = values
            yield sku, title, shown, price_minor, on_hand, weight_g, tax_class
        after = rows[-1][0]


def _rows(shop: "Shop", import_id: UUID, wanted: Q, *, after: int = 0, limit: int) -> list[StockImportRow]:
    with schema_context(shop.schema_name):
        rows = StockImportRow.objects.filter(wanted, stock_import_id=import_id, line__gt=after)
        return list(rows.order_by("line")[:limit])


def _with_jobs(shop: "Shop", found: list[StockImport]) -> list[ImportStatus]:
    ids = {each.job_id for each in found} | {each.undo_job_id for each in found}
    jobs = bulk.find_jobs(job_ids=[job_id for job_id in ids if job_id], shop_id=shop.pk)
    return [
        ImportStatus(
            each,
            jobs.get(each.job_id) if each.job_id else None,
            jobs.get(each.undo_job_id) if each.undo_job_id else None,
            {},
        )
        for each in found
    ]
