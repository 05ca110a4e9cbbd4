"""Prices and stock from a file: read in many forms, checked, applied in slices, stopped, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django_tenants.utils import schema_context

from catalogue.discovery.models import Listing, ListingVariant
from catalogue.discovery.services.drift import find_drift
from catalogue.errors import ImportNotFoundError, ImportStepError
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
from catalogue.selectors.imports import first_problems, get_import, iterate_variants, list_imports
from catalogue.services.imports import running
from catalogue.services.imports.checking import purge_imports
from catalogue.services.imports.running import cancel_import, confirm_import, undo_import
from catalogue.services.prices import set_price
from catalogue.services.reservations import WantedLine, reserve
from catalogue.services.stock import adjust_stock
from kit.models import BulkJob, BulkState
from kit.work import bulk
from tenants.errors import ShopClosedError
from tenants.models import Shop, ShopEvent, ShopStatus
from tests.world.clock import NOW
from tests.world.factories.catalogue import add_product, variant
from tests.world.imports import rows, run_all, stand, upload
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    shop = open_shop("indigo-fabrics")
    for number in range(1, 4):
        add_product(shop, f"Tote {number}", variants=[variant(f"T{number}", 100_000 * number)])
    return shop


@pytest.fixture
def actor(make_user: Any) -> int:
    return int(make_user("owner@example.com").pk)


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
    assert (status.stage, status.counts, status.problem_rows) == ("done", {"applied": 3}, 0)
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
    assert stand(shop) == {"T1": (500, 10), "T2": (200_000, 10), "T3": (500, 1)}
    status = get_import(shop=shop, import_id=made.pk)
    assert (status.stage, status.counts, status.problem_rows) == ("done", {"applied": 2, "refused": 1}, 2)
    assert status.job is not None
    assert status.job.refused == 1
    said = {row.sku: row.message for row in first_problems(shop=shop, import_id=made.pk)}
    assert "3 are reserved" in said["T1"]
    assert "deleted" in said["T2"]


def sell(shop: Shop, sku: str, quantity: int) -> None:
    with schema_context(shop.schema_name):
        sold = Variant.objects.get(sku=sku)
    adjust_stock(shop=shop, variant_id=sold.pk, change=-quantity, source="sold meanwhile", now=NOW)


def test_an_import_does_not_put_sold_stock_back(shop: Shop, actor: int) -> None:
    made = upload(shop, "sku,price,on hand\nT1,5,10\nT2,6,12\nT3,,12\n", actor=actor)
    for sku in ("T1", "T2", "T3"):
        sell(shop, sku, 3)
    confirm_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    assert stand(shop) == {"T1": (500, 7), "T2": (600, 7), "T3": (300_000, 7)}
    status = get_import(shop=shop, import_id=made.pk)
    assert (status.counts, status.problem_rows) == ({"applied": 2, "refused": 1}, 2)
    left = "The stock was not changed: it was 10 when it was read and is 7 now."
    assert [row.message for row in first_problems(shop=shop, import_id=made.pk)] == [left, left]
    assert find_drift(shop_id=shop.pk) == []


def test_an_import_leaves_a_price_alone_that_was_changed_meanwhile(shop: Shop, actor: int) -> None:
    made = upload(shop, "sku,price,on hand\nT1,5,4\nT2,2000,4\n", actor=actor)
    for sku in ("T1", "T2"):
        with schema_context(shop.schema_name):
            changed = Variant.objects.get(sku=sku)
        set_price(shop=shop, variant_id=changed.pk, price_minor=77_700, now=NOW)
    confirm_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    assert stand(shop) == {"T1": (77_700, 4), "T2": (77_700, 4), "T3": (300_000, 10)}
    said = {row.sku: row.message for row in first_problems(shop=shop, import_id=made.pk)}
    assert said == {"T1": "The price was not changed: it was edited in the meantime."}


def test_prices_and_counts_are_taken_back_apart(shop: Shop, actor: int) -> None:
    before = stand(shop)
    made = upload(shop, "sku,price,on hand\nT1,5,25\nT2,6,25\nT3,7,25\n", actor=actor)
    confirm_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    sell(shop, "T1", 1)
    with schema_context(shop.schema_name):
        repriced = Variant.objects.get(sku="T2")
    set_price(shop=shop, variant_id=repriced.pk, price_minor=900, now=NOW)
    undo_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    assert stand(shop) == {**before, "T1": (100_000, 24), "T2": (900, 10)}
    status = get_import(shop=shop, import_id=made.pk)
    assert (status.counts, status.problem_rows) == ({"undone": 3}, 2)
    said = {row.sku: row.message for row in first_problems(shop=shop, import_id=made.pk)}
    assert said["T1"] == "The stock was not changed: it was 25 when it was read and is 24 now."
    assert "price was not changed" in said["T2"]
    assert find_drift(shop_id=shop.pk) == []


def test_what_an_import_left_alone_is_not_taken_back(shop: Shop, actor: int) -> None:
    made = upload(shop, "sku,price,on hand\nT1,5,12\n", actor=actor)
    sell(shop, "T1", 3)
    confirm_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    with schema_context(shop.schema_name):
        counted = Variant.objects.get(sku="T1")
    adjust_stock(shop=shop, variant_id=counted.pk, change=5, source="came in", now=NOW)
    undo_import(shop=shop, import_id=made.pk, actor_id=actor, now=NOW)
    run_all()
    assert stand(shop)["T1"] == (100_000, 12)


def test_too_low_a_count_is_told_before_it_is_confirmed(shop: Shop) -> None:
    with schema_context(shop.schema_name):
        StockLevel.objects.filter(variant__sku="T1").update(reserved=3)
    made = upload(shop, "sku,on hand\nT1,2\n")
    assert "3 are reserved" in first_problems(shop=shop, import_id=made.pk)[0].message


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
    assert (storages["private"].exists(undecided.file), storages["private"].exists(confirmed.file)) == (False, True)
    assert purge_imports(shop=shop, now=NOW + timedelta(days=40)) == 0  # its job has not run yet
    run_all()
    assert purge_imports(shop=shop, now=NOW + timedelta(days=40)) == 1
    assert list_imports(shop=shop) == []


def test_every_variant_is_in_the_template(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.selectors.imports.ROWS_A_READ", 2)
    assert min(iterate_variants(shop=shop)) == ("T1", "Tote 1", "", 100_000, 10, None, "standard")
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
