"""Prices and stock from a file: read in many forms, checked, applied in slices, stopped, taken back."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django_tenants.utils import schema_context

from catalogue.discovery.models import Listing, ListingVariant
from catalogue.discovery.services.drift import find_drift
from catalogue.errors import ImportFileError, ImportNotFoundError, ImportStepError
from catalogue.models import (
    ImportState,
    PriceChange,
    RowState,
    StockImport,
    StockImportRow,
    StockLevel,
    StockMovement,
    Variant,
)
from catalogue.selectors.imports import first_troubles, get_import, iterate_variants, list_imports
from catalogue.services.imports import reading, running
from catalogue.services.imports.checking import check_upload, private_storage, purge_imports
from catalogue.services.imports.running import cancel_import, confirm_import, undo_import
from catalogue.services.reservations import WantedLine, reserve
from catalogue.services.stock import adjust_stock
from kit.models import BulkJob, BulkState
from kit.work import bulk
from tenants.errors import ShopClosedError
from tenants.models import Shop, ShopEvent, ShopStatus
from tests.factories.catalogue import add_product, variant
from tests.market import NOW, open_shop

pytestmark = pytest.mark.django_db
ACTOR = 7


@pytest.fixture
def shop() -> Shop:
    shop = open_shop("indigo-fabrics")
    for number in range(1, 4):
        add_product(shop, f"Tote {number}", variants=[variant(f"T{number}", 100_000 * number)])
    return shop


@pytest.fixture
def actor(make_user: Any) -> int:
    return int(make_user("owner@example.com").pk)


def upload(shop: Shop, text: str | bytes, *, actor: int = ACTOR, now: Any = NOW) -> StockImport:
    body = text.encode() if isinstance(text, str) else text
    return check_upload(
        shop=shop, upload=io.BytesIO(body), file_name="prices.csv", size=len(body), created_by_id=actor, now=now
    )


def rows(shop: Shop, made: StockImport) -> list[tuple[Any, ...]]:
    with schema_context(shop.schema_name):
        found = StockImportRow.objects.filter(stock_import_id=made.pk).order_by("line")
        return list(found.values_list("line", "sku", "price_minor", "on_hand", "state"))


def stand(shop: Shop) -> dict[str, tuple[int, int]]:
    """Price and count by SKU."""
    with schema_context(shop.schema_name):
        return {v.sku: (v.price_minor, v.stock.on_hand) for v in Variant.objects.select_related("stock")}


def run_all(now: Any = NOW) -> None:
    while bulk.run_next(now=now):
        pass


@pytest.mark.parametrize(
    "text",
    [
        "sku,price,on hand\nT1,1250.50,7\n",
        "﻿SKU;Price;On hand\r\nT1;1,250.50;7\r\n",
        'title,SKU,options,price,stock\n"Tote, large",T1,,"₦1,250.50",7\n',
        "sku,price,on_hand\n\n'T1,NGN 1250.5,7\n\n",
    ],
)
def test_a_row_is_read_in_many_forms(shop: Shop, text: str) -> None:
    made = upload(shop, text)
    [(_, sku, price, on_hand, state)] = rows(shop, made)
    assert (sku.removeprefix("'"), price, on_hand) == ("T1", 125_050, 7)
    assert state == ("faulty" if sku.startswith("'") else "ready")


def test_what_excel_writes_on_windows_is_read(shop: Shop) -> None:
    add_product(shop, "Café set", variants=[variant("CAFÉ-1")])
    made = upload(shop, "sku;price\nCAFÉ-1;20\n".encode("cp1252"))
    assert rows(shop, made) == [(2, "CAFÉ-1", 2_000, None, "ready")]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "must name the columns"),
        (b"sku,price\n", "no rows"),
        (b"name,price\nT1,2\n", "must name the columns"),
        (b"sku,title\nT1,Tote\n", "nothing to import"),
        (b"sku,price,price\nT1,2,3\n", "twice"),
        (b"sku,price\nT1,\x00\n", "not text"),
        (b"\xff\xfes\x00k\x00u\x00", "CSV UTF-8"),
        (b"PK\x03\x04rest of a workbook", "CSV UTF-8"),
        (b'sku,price\n"T1,2\n', "not a proper CSV"),
        (b"sku,price\n\x81,2\n", "not text"),
    ],
)
def test_files_that_cannot_be_read_are_refused_and_not_kept(shop: Shop, body: bytes, says: str) -> None:
    with pytest.raises(ImportFileError, match=says):
        upload(shop, body)
    with schema_context(shop.schema_name):
        assert not StockImport.objects.exists()
    folder = f"shops/{shop.pk}/imports"
    assert not private_storage().exists(folder) or private_storage().listdir(folder)[1] == []


def test_a_file_has_so_many_rows_and_bytes_and_no_more(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 2)
    assert upload(shop, "sku,price\nT1,2\nT2,2\n").rows == 2
    with pytest.raises(ImportFileError, match="more than 2 rows"):
        upload(shop, "sku,price\nT1,2\nT2,2\nT3,2\n")
    with pytest.raises(ImportFileError, match="larger"):
        check_upload(
            shop=shop, upload=io.BytesIO(b""), file_name="x", size=reading.MAX_BYTES + 1, created_by_id=1, now=NOW
        )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("T9,2,3", "No variant has this SKU"),
        (",2,3", "SKU is missing"),
        (f"{'T' * 65},2,3", "at most 64"),
        ("T1,1.250,3", "not a clear price"),
        ('T1,"12,50",3', "not a clear price"),
        ("T1,$5,3", "not a clear price"),
        ("T1,0,3", "more than zero"),
        ("T1,-5,3", "not a clear price"),
        ("T1,2,-1", "not a count"),
        ("T1,2,1.5", "not a count"),
        ("T1,2,99999999999", "not a count"),
    ],
)
def test_rows_that_make_no_sense_are_told_with_their_line(shop: Shop, line: str, says: str) -> None:
    made = upload(shop, f"sku,price,on hand\nT2,5,5\n{line}\n")
    assert (made.rows, made.faulty, made.changes) == (2, 1, 1)
    [troubled] = first_troubles(shop=shop, import_id=made.pk)
    assert troubled.line == 3
    assert says in troubled.message


def test_a_sku_stands_in_a_file_once(shop: Shop) -> None:
    made = upload(shop, "sku,price\nT1,5\nT2,6\nT1,7\n")
    assert [row[-1] for row in rows(shop, made)] == ["ready", "ready", "faulty"]
    assert first_troubles(shop=shop, import_id=made.pk)[0].message == "Line 2 has this SKU already."


def test_checking_changes_nothing(shop: Shop) -> None:
    before = stand(shop)
    made = upload(shop, "sku,price,on hand\nT1,5,5\nT2,2000,10\nT3,,\n")
    assert (made.rows, made.faulty, made.changes) == (3, 0, 1)
    assert [row[-1] for row in rows(shop, made)] == ["ready", "same", "same"]
    assert stand(shop) == before
    assert not BulkJob.objects.exists()


def test_confirmed_rows_are_written_with_their_history_and_listings(shop: Shop, actor: int) -> None:
    made = upload(shop, "sku,price,on hand\nT1,500.25,0\nT2,,4\nT3,700,\n", actor=actor)
    confirm_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    assert stand(shop) == {"T1": (50_025, 0), "T2": (200_000, 4), "T3": (70_000, 10)}
    status = get_import(shop=shop, import_id=made.pk)
    assert (status.stage, status.counts, status.troubled) == ("done", {"applied": 3}, 0)
    with schema_context(shop.schema_name):
        source = f"import {made.pk}"
        moves = StockMovement.objects.filter(source=source).order_by("quantity")
        assert list(moves.values_list("quantity", "kind")) == [(-10, "adjustment"), (-6, "adjustment")]
        assert PriceChange.objects.filter(changed_at=NOW).count() == 3 + 2
    assert ListingVariant.objects.get(sku="T1").price_minor == 50_025
    assert Listing.objects.filter(is_in_stock=False).count() == 1
    assert find_drift(shop_id=shop.pk) == []
    assert ShopEvent.objects.filter(shop=shop, kind="import.confirmed", actor_id=actor).exists()


def test_slices_end_where_they_should(shop: Shop, actor: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "ROWS_A_SLICE", 2)
    made = upload(shop, "sku,price\nT1,5\nT2,5\nT3,5\n", actor=actor)
    confirm_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    bulk.run_next(now=NOW)
    assert [price for price, _ in stand(shop).values()] == [500, 500, 300_000]
    job = get_import(shop=shop, import_id=made.pk).job
    assert job is not None
    assert (job.done, job.total, job.cursor, job.state) == (2, 3, 3, BulkState.RUNNING)
    run_all()
    job.refresh_from_db()
    assert (job.done, job.state) == (3, BulkState.DONE)


def test_a_row_whose_variant_changed_meanwhile_is_refused_alone(shop: Shop, actor: int) -> None:
    made = upload(shop, "sku,price,on hand\nT1,5,1\nT2,5,1\nT3,5,1\n", actor=actor)
    with schema_context(shop.schema_name):
        first, second = Variant.objects.get(sku="T1"), Variant.objects.get(sku="T2")
        Variant.objects.filter(pk=second.pk).update(deleted_at=NOW)
    with transaction.atomic():
        reserve(schema_name=shop.schema_name, lines=[WantedLine(first.pk, 3, first.price_minor)])
    confirm_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    assert stand(shop) == {"T1": (100_000, 10), "T2": (200_000, 10), "T3": (500, 1)}
    status = get_import(shop=shop, import_id=made.pk)
    assert (status.stage, status.counts) == ("done", {"applied": 1, "refused": 2})
    assert status.job is not None
    assert status.job.refused == 2
    said = {row.sku: row.message for row in first_troubles(shop=shop, import_id=made.pk)}
    assert "3 are promised" in said["T1"]
    assert "deleted" in said["T2"]


def test_too_low_a_count_is_told_before_it_is_confirmed(shop: Shop) -> None:
    with schema_context(shop.schema_name):
        StockLevel.objects.filter(variant__sku="T1").update(reserved=3)
    made = upload(shop, "sku,on hand\nT1,2\n")
    assert "3 are promised" in first_troubles(shop=shop, import_id=made.pk)[0].message


def test_an_import_is_taken_back_but_for_what_changed_since(shop: Shop, actor: int) -> None:
    with schema_context(shop.schema_name):
        Variant.objects.filter(sku="T1").update(compare_at_minor=150_000)
    before = stand(shop)
    made = upload(shop, "sku,price,on hand\nT1,2000,3\nT2,5,10\nT3,3000,4\n", actor=actor)
    confirm_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    with schema_context(shop.schema_name):
        assert Variant.objects.get(sku="T1").compare_at_minor is None
        third = Variant.objects.get(sku="T3")
    adjust_stock(shop=shop, variant_id=third.pk, change=-1, source="sold at the fair", now=NOW)
    undo_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    assert stand(shop) == {**before, "T3": (300_000, 3)}
    with schema_context(shop.schema_name):
        assert Variant.objects.get(sku="T1").compare_at_minor == 150_000
    status = get_import(shop=shop, import_id=made.pk)
    assert (status.stage, status.counts) == ("undone", {"undone": 2, "kept": 1})
    assert find_drift(shop_id=shop.pk) == []
    with pytest.raises(ImportStepError):
        undo_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)


def test_an_import_that_is_stopped_keeps_what_it_did_and_can_be_taken_back(
    shop: Shop, actor: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "ROWS_A_SLICE", 1)
    before = stand(shop)
    made = upload(shop, "sku,price\nT1,5\nT2,5\n", actor=actor)
    confirm_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    bulk.run_next(now=NOW)
    with pytest.raises(ImportStepError):
        undo_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    cancel_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    assert stand(shop) == {**before, "T1": (500, 10)}
    assert get_import(shop=shop, import_id=made.pk).can_be_undone
    undo_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    assert stand(shop) == before


def test_steps_are_taken_in_their_order(shop: Shop, actor: int) -> None:
    made = upload(shop, "sku,price\nT1,5\n", actor=actor)
    with pytest.raises(ImportStepError):
        undo_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    assert cancel_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW).state == ImportState.DISCARDED
    for act in (confirm_import, cancel_import, undo_import):
        with pytest.raises(ImportStepError):
            act(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
        with pytest.raises(ImportNotFoundError):
            act(shop=shop, import_id=uuid4(), actor_id=actor, now=NOW)
    same = upload(shop, "sku,price\nT1,1000\n", actor=actor)
    with pytest.raises(ImportStepError, match="nothing"):
        confirm_import(shop=shop, import_id=same.pk, actor_id=actor, now=NOW)
    assert not BulkJob.objects.exists()


def test_a_closed_shop_takes_no_prices(shop: Shop, actor: int) -> None:
    made = upload(shop, "sku,price\nT1,5\n", actor=actor)
    confirm_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    Shop.objects.filter(pk=shop.pk).update(status=ShopStatus.CLOSED)
    shop.refresh_from_db()
    before = stand(shop)
    run_all()
    assert stand(shop) == before
    assert BulkJob.objects.get().state == BulkState.FAILED
    with pytest.raises(ShopClosedError):
        upload(shop, "sku,price\nT1,5\n")


def test_old_imports_and_undecided_ones_go_with_their_files(
    shop: Shop, actor: int, django_capture_on_commit_callbacks: Any
) -> None:
    undecided, confirmed = upload(shop, "sku,price\nT1,5\n"), upload(shop, "sku,price\nT1,6\n")
    confirm_import(shop=shop, import_id=confirmed.pk, actor_id=actor, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        assert purge_imports(shop=shop, now=NOW + timedelta(days=2)) == 1
    assert (private_storage().exists(undecided.file), private_storage().exists(confirmed.file)) == (False, True)
    assert purge_imports(shop=shop, now=NOW + timedelta(days=40)) == 0  # its job has not run yet
    run_all()
    assert purge_imports(shop=shop, now=NOW + timedelta(days=40)) == 1
    assert list_imports(shop=shop) == []


def test_every_variant_is_in_the_template(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.selectors.imports.ROWS_A_READ", 2)
    assert min(iterate_variants(shop=shop)) == ("T1", "Tote 1", "", 100_000, 10)
    assert len(list(iterate_variants(shop=shop))) == 3


def test_another_shop_s_import_is_not_found(shop: Shop, actor: int) -> None:
    other = open_shop("copper-kitchen")
    made = upload(shop, "sku,price\nT1,5\n", actor=actor)
    with pytest.raises(ImportNotFoundError):
        get_import(shop=other, import_id=made.pk)
    with pytest.raises(ImportNotFoundError):
        confirm_import(shop=other, import_id=made.pk, actor_id=actor, now=NOW)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"faulty": 2}, "import_rows_add_up"),
        ({"state": "confirmed"}, "import_confirmed_has_job"),
        ({"job_id": uuid4()}, "import_confirmed_has_job"),
        ({"undo_job_id": uuid4()}, "import_undone_was_done"),
    ],
)
def test_the_database_holds_what_imports_promise(shop: Shop, changes: dict[str, Any], constraint: str) -> None:
    made = upload(shop, "sku,price\nT1,5\n")
    with schema_context(shop.schema_name), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StockImport.objects.filter(pk=made.pk).update(**changes)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"variant_id": None}, "import_row_has_variant"),
        ({"state": RowState.REFUSED}, "import_row_says_why"),
        ({"line": 3}, "import_row_once"),
    ],
)
def test_the_database_holds_what_rows_promise(shop: Shop, changes: dict[str, Any], constraint: str) -> None:
    upload(shop, "sku,price\nT1,5\nT2,5\n")
    with schema_context(shop.schema_name), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StockImportRow.objects.filter(line=2).update(**changes)
