"""An owner opens an archive's tables in a spreadsheet: none of their cells is run, and all come back as they were."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from django_tenants.utils import schema_context

from catalogue.models import Product, Variant
from kit.web.tables import FORMULA_STARTS
from tenants.archives import export, restore_archive
from tenants.archives.cells import NUMBER
from tenants.archives.package import PLAIN_CELLS
from tenants.archives.tables import copy_out
from tenants.models import Shop, ShopStatus
from tests.world.archives import data_of, exported, furnished_shop, set_status
from tests.world.clock import NOW
from tests.world.own_shop import paid_order

pytestmark = pytest.mark.usefixtures("live_database")
TITLE, DESCRIPTION = '=HYPERLINK("http://evil.example","Tote")', "'@SUM(A1:A9)\n-2+3"


@pytest.fixture
def shop() -> Shop:
    """A shop with formulas in a product, and in an order of it."""
    shop, goods = furnished_shop("indigo-fabrics")
    with schema_context(shop.schema_name):
        Product.objects.filter(pk=goods[0].product_id).update(title=TITLE, description=DESCRIPTION)
        Variant.objects.filter(pk=goods[0].variant_id).update(sku="+SKU-0")
    paid_order(goods[0])
    set_status(shop, ShopStatus.SUSPENDED)
    return shop


def cells(path: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".csv"):
                for row in csv.reader(io.StringIO(archive.read(name).decode(), newline="")):
                    yield from ((name, cell) for cell in row)


def run(path: Path) -> set[str]:
    """The tables with a cell that a spreadsheet would run."""
    return {
        name for name, cell in cells(path) if cell.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(cell.encode())
    }


def product(shop: Shop) -> tuple[str, str]:
    with schema_context(shop.schema_name):
        found = Product.objects.get(title=TITLE)
        return found.title, found.description


def test_no_cell_of_an_archive_is_run_and_all_come_back(shop: Shop, tmp_path: Path) -> None:
    path = exported(shop, tmp_path / "shop.zip").path
    assert run(path) == set()
    assert ("shop/catalogue_product.csv", f"'{TITLE}") in set(cells(path))
    assert any(name == "shop/fulfilment_vendororderline.csv" and TITLE in cell for name, cell in cells(path))

    restore_archive(path=path, now=NOW, may_replace=True)

    assert product(shop) == (TITLE, DESCRIPTION)
    assert data_of(exported(shop, tmp_path / "again.zip").path) == data_of(path)


def test_an_archive_of_the_format_before_comes_back_as_it_is(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(export, "FORMAT", PLAIN_CELLS)
        before.setattr(export, "copy_out", partial(copy_out, has_plain_cells=True))
        path = exported(shop, tmp_path / "older.zip").path
    assert {"shop/catalogue_product.csv", "shop/fulfilment_vendororderline.csv"} <= run(path)  # the control

    restore_archive(path=path, now=NOW, may_replace=True)

    assert product(shop) == (TITLE, DESCRIPTION)
    assert run(exported(shop, tmp_path / "again.zip").path) == set()
