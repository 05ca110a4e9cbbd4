"""Files of prices and stock: what is read of them, and what is refused with its name."""

from __future__ import annotations

import io

import pytest
from django.core.files.storage import storages
from django_tenants.utils import schema_context

from catalogue.errors import ImportFileError
from catalogue.models import StockImport
from catalogue.selectors.imports import first_problems, get_import
from catalogue.services.imports import reading
from catalogue.services.imports.checking import check_upload
from kit.web.tables import csv_response
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.factories.catalogue import add_product, variant
from tests.world.imports import rows, upload
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    shop = open_shop("indigo-fabrics")
    for number in range(1, 4):
        add_product(shop, f"Tote {number}", variants=[variant(f"T{number}", 100_000 * number)])
    return shop


@pytest.mark.parametrize(
    "text",
    [
        "sku,price,on hand\nT1,1250.50,7\n",
        "﻿SKU;Price;On hand\r\nT1;1,250.50;7\r\n",
        'title,SKU,options,price,stock\n"Tote, large",T1,,"₦1,250.50",7\n',
        "sku,price,on_hand\n\n'T1,NGN 1250.5,7\n\n",
        "SKU\tPrice\tOn hand\r\nT1\t1,250.50\t7\r\n",
        "sep=;\r\nSKU;Price;On hand\r\nT1;1250,50;7\r\n",
        '"sep=\t"\nSKU\tPrice\tOn hand\nT1\t1250.50\t7\n',
        "\ufeff\ufeffSKU,Price,On hand\nT1,1250.50,7\n",
        "\ufeffsep=,\n\ufeffSKU,Price,On hand\nT1,1250.50,7\n",
        "SKU;Price (NGN);On hand\nT1;1.250,50;7\n",
        "SKU;Price NGN;On hand\nT1;₦ 1\u202f250,5;7\n",
        "SKU,Price (₦),On_Hand,,\nT1,1 250.50,7,,\n",
        "SKU,Price,On hand\rT1,1250.50,7\r",
    ],
)
def test_a_row_is_read_in_many_forms(shop: Shop, text: str) -> None:
    made = upload(shop, text)
    [(_, sku, price, on_hand, state)] = rows(shop, made)
    assert (sku.removeprefix("'"), price, on_hand) == ("T1", 125_050, 7)
    assert state == ("faulty" if sku.startswith("'") else "ready")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_text_of_excel_is_read(shop: Shop, encoding: str) -> None:
    mark = "" if encoding == "utf-16" else "\ufeff"
    made = upload(shop, f"{mark}SKU\tPrice\r\nT1\t1.250,50\r\n".encode(encoding))
    assert rows(shop, made) == [(2, "T1", 125_050, None, "ready")]


def test_lines_are_counted_as_a_text_editor_counts(shop: Shop) -> None:
    made = upload(shop, "sep=;\nsku;price\nT1;5\n")
    assert [row[0] for row in rows(shop, made)] == [3]


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
        (b"\xff\xfes\x00k\x00u\x00", "nothing to import"),
        (b"\xff\xfes\x00k\x00u", "not text"),
        (b"s\x00k\x00u\x00", "not text"),
        (b"\xff\xfe\x00\x00s\x00\x00\x00", "CSV UTF-8"),
        (b"sep=#\nsku#price\nT1#2\n", "separated by"),
        (b"sku,price (USD)\nT1,2\n", r"“price \(USD\)” is not one that we read"),
        (b"sku,price (GHS),on hand\nT1,2,3\n", r"“price \(GHS\)” is not one that we read"),
        (b"sku,new price,on hand\nT1,2,3\n", "“new price” is not one that we read"),
        (b"sku,price,Qty\nT1,2,3\n", "“Qty” is not one that we read"),
        (b"sku,price,stock_level\nT1,2,3\n", "“stock_level” is not one that we read"),
        (b"sku,price,price (NGN)\nT1,2,3\n", "twice"),
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
    assert not storages["private"].exists(folder) or storages["private"].listdir(folder)[1] == []


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
        ("T1,12,50,3", "more cells than columns"),
        ("T1,2,3,4", "more cells than columns"),
        ('T1,"1,2500",3', "not a clear price"),
        ('T1,"1,250.500,00",3', "not a clear price"),
        ("T1,1 25,3", "not a clear price"),
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
    [problem] = first_problems(shop=shop, import_id=made.pk)
    assert problem.line == 3
    assert says in problem.message


def test_columns_that_are_not_read_are_named(shop: Shop) -> None:
    made = upload(shop, "SKU,Title,Price (NGN),Cost,Note to self\nT1,Tote,5,3,\n")
    made = get_import(shop=shop, import_id=made.pk).stock_import
    assert made.columns_read == ["SKU", "Price (NGN)"]
    assert made.columns_unread == ["Title", "Cost", "Note to self"]


def test_skus_that_begin_like_formulas_come_back_one_to_one(shop: Shop) -> None:
    skus = ["-B1", "'-B1", "''-B1", "=B1", "'=B1", "'B1", "B1'", "+1", "@x"]
    for sku in skus:
        add_product(shop, f"Named {sku}", variants=[variant(sku)])
    table = csv_response(file_name="t.csv", header=["SKU", "On hand"], rows=[(sku, 10 + len(sku)) for sku in skus])
    made = upload(shop, b"".join(table.streaming_content))  # type: ignore[arg-type]
    found = {sku: (on_hand, state) for _, sku, _, on_hand, state in rows(shop, made)}
    assert found == {sku: (10 + len(sku), "ready") for sku in skus}


def test_a_sku_stands_in_a_file_once(shop: Shop) -> None:
    made = upload(shop, "sku,price\nT1,5\nT2,6\nT1,7\n")
    assert [row[-1] for row in rows(shop, made)] == ["ready", "ready", "faulty"]
    assert first_problems(shop=shop, import_id=made.pk)[0].message == "Line 2 has this SKU already."
