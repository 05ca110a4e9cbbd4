"""Archives that a stranger edited: refused with a reason, and neither this shop nor any other is touched."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django_tenants.utils import schema_context

from catalogue.errors import ImportStepError
from catalogue.models import ProductImage, StockImport, Variant
from catalogue.selectors.imports import get_import
from catalogue.services.images import remove_product_image
from catalogue.services.imports.checking import purge_imports
from catalogue.services.imports.running import APPLY, cancel_import
from checkout.ending.expire_orders import expire_reservations
from kit.errors import DomainError
from kit.files import PRIVATE, Folder
from kit.ids import uuid7
from kit.models import BulkJob, BulkState
from kit.work import bulk
from tenants.archives import export_shop, restore_archive
from tenants.archives.staging import leftovers
from tenants.errors import ArchiveError
from tenants.models import Shop, ShopStatus
from tenants.shops.files import shop_media
from tests.world.archive_edits import Edit, edited, manifests, rows, set_in_manifest, without
from tests.world.archives import exported, furnished_shop, give_picture, row_versions, set_status
from tests.world.clock import NOW
from tests.world.market import Stocked, buy

LATER = NOW + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("live_database")
Market = tuple[Shop, Shop, Path]
FOLDERS = ("shops", "exports")


@pytest.fixture
def market(live_database: str, tmp_path: Path) -> Market:
    """A suspended shop with something of everything, another shop with files, and an archive of the first."""
    shop, goods = furnished_shop("indigo-fabrics")
    other, _ = furnished_shop("copper-kitchen")
    buy(goods[0].line(2))
    expire_reservations(now=LATER)
    with schema_context(shop.schema_name):
        StockImport.objects.create(
            id=uuid7(), file=f"shops/{shop.pk}/imports/x.csv", file_name="x.csv", created_by_id=1, created_at=NOW
        )
    for name in (f"exports/{other.pk}/kept.zip", f"shops/{other.pk}/imports/x.csv"):
        storages["private"].save(name, ContentFile(b"theirs"))
    set_status(shop, ShopStatus.SUSPENDED)
    return shop, other, exported(shop, tmp_path / "good.zip").path


def everything(*shops: Shop) -> list[Any]:
    """Return the rows that must not change."""
    files = {name: default_storage.size(name) for shop in shops for name in shop_media(shop.pk).names()}
    private = [
        list(Folder(PRIVATE, f"{folder}/{shop.pk}/").names()) for shop in shops for folder in ("shops", "exports")
    ]
    return [
        files,
        private,
        *(row_versions(shop.schema_name) for shop in shops),
        *Shop.objects.filter(pk__in=[s.pk for s in shops]).order_by("pk").values(),
    ]


def problems(market: Market, tmp_path: Path, edits: Iterable[tuple[str, Edit]]) -> dict[str, str]:
    """Restore an archive with each of some edits, and name those that are not refused with a reason."""
    shop, other, path = market
    before, found = everything(shop, other), {}
    for name, edit in edits:
        bad = edited(path, tmp_path / "bad.zip", edit, shop=shop.pk, other=other.pk)
        try:
            restore_archive(path=bad, now=LATER, may_replace=True, may_be_unsigned=True)
        except DomainError as error:
            if not error.message.strip() or everything(shop, other) != before or leftovers():
                found[name] = f"refused, and something is left: {error.message}"
        except Exception as error:  # noqa: BLE001 - each of them is a failure of the test
            found[name] = f"{type(error).__name__}: {error}"
        else:
            found[name] = "accepted"
            before = everything(shop, other)
    return found


def test_a_manifest_with_a_wrong_value_is_refused_with_a_reason(market: Market, tmp_path: Path) -> None:
    assert problems(market, tmp_path, manifests()) == {}


def test_rows_that_no_shop_has_are_refused_with_a_reason(market: Market, tmp_path: Path) -> None:
    assert problems(market, tmp_path, rows()) == {}


def test_an_unsigned_archive_needs_a_word(market: Market, tmp_path: Path) -> None:
    shop, other, path = market
    again = edited(path, tmp_path / "same.zip", lambda _: None)
    restore_archive(path=again, now=LATER, may_replace=True)  # sealed by its content, whoever packs it
    stranger = edited(path, tmp_path / "stranger.zip", without("signature"))
    changed = edited(path, tmp_path / "changed.zip", set_in_manifest("shop", "description", to="Better than theirs"))
    before = everything(shop, other)
    for bad in (stranger, changed):
        with pytest.raises(CommandError, match="say --unsigned"):
            call_command("shops", "restore", bad, "--replace")
        assert everything(shop, other) == before
    call_command("shops", "restore", stranger, "--replace", "--unsigned")
    call_command("shops", "restore", changed, "--replace", "--unsigned")
    assert Shop.objects.get(pk=shop.pk).description == "Better than theirs"


def test_an_archive_sealed_by_an_earlier_key_is_ours(market: Market, settings: LazySettings) -> None:
    _, _, path = market
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a-new-key-that-is-long-enough", [settings.SECRET_KEY]
    restore_archive(path=path, now=LATER, may_replace=True)
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(ArchiveError, match="has not signed"):
        restore_archive(path=path, now=LATER, may_replace=True)


def test_a_row_that_names_another_shop_s_file_neither_opens_nor_deletes_it(market: Market, tmp_path: Path) -> None:
    """As an archive of a version that did not look may have left it."""
    shop, other, _ = market
    theirs = give_picture(Stocked(other, *product_of(other)), "their-token")
    with schema_context(shop.schema_name):
        image = ProductImage.objects.order_by("pk").first()
        assert image is not None
        ProductImage.objects.filter(pk=image.pk).update(file=theirs)
        ProductImage.objects.exclude(pk=image.pk).update(file="../secrets.json")
        StockImport.objects.update(file=f"exports/{other.pk}/kept.zip")
    before = everything(other)
    done = export_shop(shop_id=shop.pk, to=tmp_path / "again.zip", now=LATER)
    assert theirs in done.missing
    assert "../secrets.json" in done.missing
    said = restore_archive(path=done.path, now=LATER, may_replace=True).report
    assert any("not the shop's" in line for line in said)
    with schema_context(shop.schema_name):
        assert set(ProductImage.objects.values_list("file", flat=True)) == {""}
        ProductImage.objects.filter(pk=image.pk).update(file=theirs)
        StockImport.objects.update(file=f"exports/{other.pk}/kept.zip")
    set_status(shop, ShopStatus.LIVE)
    remove_product_image(shop=shop, product_id=image.product_id, image_id=image.pk, now=LATER)
    assert purge_imports(shop=shop, now=LATER + timedelta(days=400)) == 1
    assert everything(other) == before


def product_of(shop: Shop) -> tuple[Any, Any, int]:
    """Ids and price of one of a shop's goods."""
    with schema_context(shop.schema_name):
        variant = Variant.objects.order_by("pk")[0]
    return variant.product_id, variant.pk, variant.price_minor


def test_another_shop_s_job_is_not_stopped_by_naming_it(market: Market) -> None:
    shop, other, _ = market
    theirs = bulk.queue_job(kind=APPLY, shop_id=other.pk, total=1, payload={}, created_by_id=None, now=NOW)
    with schema_context(shop.schema_name):
        StockImport.objects.update(state="confirmed", job_id=theirs.pk)
        own = StockImport.objects.get()
    assert get_import(shop=shop, import_id=own.pk).job is None
    with pytest.raises(ImportStepError):
        cancel_import(shop=shop, import_id=own.pk, actor_id=1, now=NOW)
    assert BulkJob.objects.get().state == BulkState.QUEUED


def packed(path: Path, *members: tuple[zipfile.ZipInfo | str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write an archive with other members beside those of its own."""
    bad = path.with_name("packed.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(bad, "w", method) as target:
        for info in source.infolist():
            target.writestr(info, source.read(info.filename))
        for name, data in members:
            target.writestr(name, data)
    return bad


def of_kind(name: str, mode: int) -> zipfile.ZipInfo:
    """An entry of a kind that is no plain file."""
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


BOMB = bytes(64 * 1024 * 1024)
MEMBERS: dict[str, list[tuple[zipfile.ZipInfo | str, bytes]]] = {
    "up": [("media/../../settings.webp", b"x")],
    "absolute": [("/etc/passwd", b"x")],
    "a drive": [("C:\\x.webp", b"x")],
    "backslashes": [("media\\..\\x.webp", b"x")],
    "up from a table": [("shop/../manifest.json", b"x")],
    "another shop's folder": [("media/shops/999/products/x.webp", b"x")],
    "a page": [("media/page.html", b"<script>")],
    "a drawing": [("media/shops/1/x.svg", b"<svg>")],
    "anything": [("anything.txt", b"x")],
    "a folder": [("media/", b"")],
    "a hidden file": [("media/.htaccess.webp", b"x")],
    "two of a name": [("README.txt", b"x")],
    "a second manifest": [("manifest.json", b"{}")],
    "a bomb of a table": [("shop/catalogue_product.csv.csv", BOMB)],
    "a bomb of a picture": [("media/demo/x.webp", BOMB)],
    "a bomb of references": [("public/bomb.json", BOMB)],
    "a name of 300 characters": [("media/" + "x" * 300 + ".webp", b"x")],
    "a name in another alphabet": [("media/\u202egnp.webp", b"x")],
    "a name with a line break": [("media/a\nb.webp", b"x")],
    "a link": [(of_kind("media/link.webp", stat.S_IFLNK | 0o777), b"/etc/passwd")],
    "a device": [(of_kind("media/null.webp", stat.S_IFCHR | 0o666), b"")],
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_that_no_export_writes_are_refused_with_a_reason(market: Market) -> None:
    shop, other, path = market
    before = everything(shop, other)
    for name, members in MEMBERS.items():
        with pytest.raises(ArchiveError):
            restore_archive(path=packed(path, *members), now=LATER, may_replace=True, may_be_unsigned=True)
        assert everything(shop, other) == before, name
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        bad = packed(path, ("media/demo/x.webp", b"x" * 1000), method=method)
        with pytest.raises(ArchiveError):
            restore_archive(path=bad, now=LATER, may_replace=True, may_be_unsigned=True)


@pytest.mark.parametrize("step", [1, 7])
def test_bytes_that_are_damaged_anywhere_are_refused_with_a_reason(market: Market, tmp_path: Path, step: int) -> None:
    _, other, path = market
    before, whole = everything(other), path.read_bytes()
    for number in range(24):
        place = (len(whole) * number // 24 + step * 13) % len(whole)
        broken = bytearray(whole)
        broken[place] ^= 0xFF
        (tmp_path / "bad.zip").write_bytes(broken if step == 1 else broken[:place])
        with suppress(DomainError):
            restore_archive(path=tmp_path / "bad.zip", now=LATER, may_replace=True, may_be_unsigned=True)
    assert everything(other) == before
