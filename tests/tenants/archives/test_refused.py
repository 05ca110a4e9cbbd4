"""Archives that are damaged, forged or from elsewhere in time: refused, and nothing touched."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tenants.archives import restore, restore_archive, staging
from tenants.errors import ArchiveError, RestoreBlockedError
from tenants.hosts.look_up import get_shop_by_host
from tenants.models import Shop, ShopStatus
from tests.world.archives import exported, furnished_shop, row_versions, set_status, tampered
from tests.world.clock import NOW
from tests.world.races import all_at_once

LATER = NOW + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("live_database")


def no_manifest(files: dict[str, bytes]) -> None:
    del files["manifest.json"]


def other_bytes(files: dict[str, bytes]) -> None:
    files["shop/catalogue_product.csv"] = files["shop/catalogue_product.csv"].replace(b"Product", b"Prodigy")


def cut_short(files: dict[str, bytes]) -> None:
    files["shop/catalogue_product.csv"] = files["shop/catalogue_product.csv"][:-20]


def one_less(files: dict[str, bytes]) -> None:
    del files["shop/catalogue_variant.csv"]


def one_more(files: dict[str, bytes]) -> None:
    files["shop/catalogue_secret.csv"] = b"id\n"


def another_format(files: dict[str, bytes]) -> None:
    files["manifest.json"] = files["manifest.json"].replace(b'"format": 2', b'"format": 99')


def another_kind(files: dict[str, bytes]) -> None:
    files["manifest.json"] = b"{}"


def no_json(files: dict[str, bytes]) -> None:
    files["manifest.json"] = b"<html>"


def a_newer_release(files: dict[str, bytes]) -> None:
    files["manifest.json"] = files["manifest.json"].replace(b'"catalogue.0001_initial"', b'"catalogue.9999_later"')


@pytest.mark.parametrize(
    "change",
    [
        no_manifest, other_bytes, cut_short, one_less, one_more, another_format, another_kind, no_json,
        a_newer_release,
    ],
)  # fmt: skip
def test_a_damaged_archive_touches_nothing(change: object, tmp_path: Path) -> None:
    _refused(tmp_path, lambda path: tampered(path, tmp_path / "bad.zip", change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        "media/../../settings.webp",
        "/etc/passwd",
        "media\\..\\x.webp",
        "shop/../manifest.json",
        "media/shops/999/products/x.webp",
        "media/page.html",
        "anything.txt",
    ],
)
def test_names_that_lead_elsewhere_are_refused(name: str, tmp_path: Path) -> None:
    def add(files: dict[str, bytes]) -> None:
        files[name] = b"x"

    _refused(tmp_path, lambda path: tampered(path, tmp_path / "bad.zip", add, resign=True))


def test_a_link_is_refused(tmp_path: Path) -> None:
    def link(path: Path) -> Path:
        bad = tmp_path / "bad.zip"
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(bad, "w") as target:
            for info in source.infolist():
                if info.filename == "README.txt":
                    info.external_attr = 0o120777 << 16
                target.writestr(info, source.read(info.filename))
        return bad

    _refused(tmp_path, link)


def test_something_else_is_refused(tmp_path: Path) -> None:
    def text(_: Path) -> Path:
        (tmp_path / "bad.zip").write_text("not an archive")
        return tmp_path / "bad.zip"

    _refused(tmp_path, text)
    _refused(tmp_path, lambda _: tmp_path / "nowhere.zip")


def test_rows_that_a_table_refuses_leave_the_shop_as_it_is(tmp_path: Path) -> None:
    def shorten(files: dict[str, bytes]) -> None:
        lines = files["shop/catalogue_product.csv"].splitlines(keepends=True)
        files["shop/catalogue_product.csv"] = b"".join(lines[:1])

    _refused(tmp_path, lambda path: tampered(path, tmp_path / "bad.zip", shorten, resign=True))


@pytest.mark.parametrize(("module", "step"), [(staging, "copy_in"), (restore, "translate_references")])
def test_a_schema_that_somebody_removes_meanwhile_is_said(
    module: ModuleType, step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of a COPY, too, whose errors Django does not convert."""
    shop, _ = furnished_shop("indigo-fabrics")
    set_status(shop, ShopStatus.SUSPENDED)
    path = exported(shop, tmp_path / "good.zip").path
    before, take = row_versions(shop.schema_name), getattr(module, step)

    def take_too_late(*args: Any) -> Any:
        all_at_once(lambda _: staging.drop_schema("restoring_indigo_fabrics"), 1)
        return take(*args)

    monkeypatch.setattr(module, step, take_too_late)
    with pytest.raises(RestoreBlockedError, match="schema restoring_indigo_fabrics was removed"):
        restore_archive(path=path, now=LATER, may_replace=True)
    assert row_versions(shop.schema_name) == before
    assert staging.leftovers() == []


def _refused(tmp_path: Path, make: object) -> None:
    if not Shop.objects.exists():
        furnished_shop("indigo-fabrics")
    shop = Shop.objects.get()
    set_status(shop, ShopStatus.SUSPENDED)
    path = exported(shop, tmp_path / "good.zip").path
    before = row_versions(shop.schema_name)
    with pytest.raises(ArchiveError):
        restore_archive(path=make(path), now=LATER, may_replace=True, may_be_unsigned=True)  # type: ignore[operator]
    assert row_versions(shop.schema_name) == before
    assert get_shop_by_host("indigo-fabrics.kasuwa.localhost") is not None
