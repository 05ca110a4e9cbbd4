"""Restores side by side, and restores killed: one at a time, and the next run completes."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError

from kit.errors import DomainError
from tenants.archives import restore, restore_archive
from tenants.archives.staging import leftovers, load_staging
from tenants.errors import ArchiveRunningError, RestoreBlockedError, ShopUnavailableError
from tenants.hosts.look_up import get_shop_by_host
from tenants.models import Shop, ShopEvent, ShopEventKind, ShopStatus
from tenants.shops import host_cache
from tests.world.archives import data_of, exported, furnished_shop, row_versions, set_status
from tests.world.clock import NOW
from tests.world.next_release import holding, nobody_else, run, somebody_waits, start
from tests.world.races import all_at_once, followed_by
from tests.world.shops import drop_schema

LATER = NOW + timedelta(days=1)
RESTORES = 4
HOST = "indigo-fabrics.kasuwa.localhost"
SETTINGS = """
from config.settings.test import *

STORAGES = {**STORAGES, "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
"""
Eventually = Callable[..., Any]


def restored_by(path: Path) -> Callable[[int], str]:
    def work(_: int) -> str:
        try:
            restore_archive(path=path, now=LATER, may_replace=True)
        except ArchiveRunningError:
            return "refused"
        except (DomainError, DatabaseError) as error:
            return type(error).__name__
        return "restored"

    return work


def archive_of_a_suspended_shop(tmp_path: Path) -> tuple[Shop, Path]:
    shop, _ = furnished_shop("indigo-fabrics")
    path = exported(shop, tmp_path / "shop.zip").path
    set_status(shop, ShopStatus.SUSPENDED)
    return shop, path


def restored_once(shop: Shop, path: Path, tmp_path: Path) -> bool:
    """Return whether one restore was written and nothing is left of another."""
    assert data_of(exported(shop, tmp_path / "again.zip").path) == data_of(path)
    assert leftovers() == []
    return ShopEvent.objects.filter(kind=ShopEventKind.RESTORED).count() == 1


def restores_one_within_another(path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Restore an archive, and once more from elsewhere as soon as the first has laid it out."""
    restored, said = restored_by(path), Counter[str]()
    monkeypatch.setattr(restore, "load_staging", followed_by(load_staging, lambda: said.update([restored(1)])))
    said.update([restored(0)])
    return said


def test_of_restores_that_begin_at_once_one_is_done(
    live_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, path = archive_of_a_suspended_shop(tmp_path)
    restored = restored_by(path)
    others_are_refused = Barrier(RESTORES)

    def load_slowly(*args: Any) -> None:
        load_staging(*args)
        others_are_refused.wait(timeout=60)

    def work(number: int) -> str:
        said = restored(number)
        if said == "refused":
            others_are_refused.wait(timeout=60)
        return said

    monkeypatch.setattr(restore, "load_staging", load_slowly)
    assert all_at_once(work, RESTORES) == {"restored": 1, "refused": RESTORES - 1}
    assert restored_once(shop, path, tmp_path)


def test_a_restore_within_another_is_refused(
    live_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, path = archive_of_a_suspended_shop(tmp_path)
    assert restores_one_within_another(path, monkeypatch) == {"restored": 1, "refused": 1}
    assert restored_once(shop, path, tmp_path)


def test_without_the_lock_it_takes_the_schema_away_from_the_first(
    live_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control; the first says what has become of its schema."""
    shop, path = archive_of_a_suspended_shop(tmp_path)
    monkeypatch.setattr(restore, "exclusive_lock", lambda _: nullcontext())
    assert restores_one_within_another(path, monkeypatch) == {"restored": 1, RestoreBlockedError.__name__: 1}
    assert restored_once(shop, path, tmp_path)


@pytest.mark.parametrize(
    ("held", "is_gone"),
    [
        ("LOCK TABLE public.tenants_shopevent IN SHARE MODE", True),  # within the swap, near its end
        ("LOCK TABLE public.discovery_listing IN ACCESS EXCLUSIVE MODE", True),  # in the middle of it
        ("SELECT 1 FROM public.tenants_shop WHERE slug = 'indigo-fabrics' FOR UPDATE", True),  # before it
        ("LOCK TABLE public.tenants_shopevent IN SHARE MODE", False),
        ("LOCK TABLE shop_indigo_fabrics.catalogue_product IN SHARE MODE", False),
    ],
)
def test_killed_in_the_middle_of_restoring(
    *,
    live_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    eventually: Eventually,
    held: str,
    is_gone: bool,
) -> None:
    (tmp_path / "files_settings.py").write_text(SETTINGS)
    on_disk = FileSystemStorage(location=tmp_path / "media")
    monkeypatch.setattr(default_storage, "_wrapped", on_disk)
    shop, _ = furnished_shop("indigo-fabrics")
    other, _ = furnished_shop("copper-kitchen")
    path = exported(shop, tmp_path / "shop.zip").path
    before, others = row_versions(shop.schema_name), row_versions(other.schema_name)
    set_status(shop, ShopStatus.SUSPENDED)
    if is_gone:
        drop_schema(shop.schema_name)
        for name in data_of(path):
            on_disk.delete(name.removeprefix("media/"))
    words = ["shops", "restore", str(path), "--replace"]
    kept = {"DJANGO_SETTINGS_MODULE": "files_settings", "KASUWA_DATA_DIR": str(tmp_path)}
    with holding(live_database, held):
        process = start(tmp_path, live_database, *words, **kept)
        eventually(somebody_waits)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
    eventually(lambda: nobody_else(live_database))
    host_cache.clear_process()
    if is_gone:
        with pytest.raises(ShopUnavailableError):
            get_shop_by_host(HOST)
    else:
        assert row_versions(shop.schema_name) == before
    assert get_shop_by_host("restoring-indigo-fabrics.kasuwa.localhost") is None
    assert leftovers() == ["restoring_indigo_fabrics"]
    code, said = run(tmp_path, live_database, *words, **kept)
    assert (code, "indigo-fabrics restored" in said) == (0, True), said
    assert leftovers() == []
    host_cache.clear_process()
    assert get_shop_by_host(HOST) is not None
    assert data_of(exported(shop, tmp_path / "again.zip").path) == data_of(path)
    assert row_versions(other.schema_name) == others
    assert Shop.objects.count() == 2
    assert not list((tmp_path / "archives").iterdir())


def test_killed_in_the_middle_of_cloning(live_database: str, tmp_path: Path, eventually: Eventually) -> None:
    furnished_shop("indigo-fabrics")
    words = ["shops", "clone", "indigo-fabrics", "--as", "indigo-two"]
    kept = {"DJANGO_SETTINGS_MODULE": "config.settings.test", "KASUWA_DATA_DIR": str(tmp_path)}
    with holding(live_database, "LOCK TABLE public.discovery_listing IN SHARE MODE"):
        process = start(tmp_path, live_database, *words, **kept)
        eventually(somebody_waits)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
    eventually(lambda: nobody_else(live_database))
    assert get_shop_by_host("indigo-two.kasuwa.localhost") is None
    assert Shop.objects.count() == 1
    code, said = run(tmp_path, live_database, *words, **kept)
    assert (code, "copied to indigo-two" in said) == (0, True), said
    assert get_shop_by_host("indigo-two.kasuwa.localhost") is not None
