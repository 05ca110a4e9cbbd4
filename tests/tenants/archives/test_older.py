"""An archive of the last release: laid out as that release was, then migrated like any shop."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from tenants.archives import restore_archive
from tenants.archives.staging import leftovers
from tenants.errors import ArchiveError
from tenants.models import ShopStatus
from tenants.schemas.graph import needed_migrations
from tests.world.archives import data_of, exported, furnished_shop, row_versions, set_status
from tests.world.clock import NOW
from tests.world.next_release import has_note, released

LATER = NOW + timedelta(days=1)
pytestmark = pytest.mark.usefixtures("live_database")


def test_an_older_archive_is_brought_up_to_date(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, goods = furnished_shop("indigo-fabrics")
    path = exported(shop, tmp_path / "shop.zip").path
    set_status(shop, ShopStatus.SUSPENDED)
    (tmp_path / "release").mkdir()
    with released(tmp_path / "release", settings, monkeypatch):
        assert not has_note(shop.schema_name)
        restore_archive(path=path, now=LATER, may_replace=True)
        assert has_note(shop.schema_name)
    assert goods[0].level() == (10, 0)
    assert leftovers() == []


def test_a_newer_archive_is_refused(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    shop, _ = furnished_shop("indigo-fabrics")
    older = exported(shop, tmp_path / "older.zip").path
    set_status(shop, ShopStatus.SUSPENDED)
    (tmp_path / "release").mkdir()
    with released(tmp_path / "release", settings, monkeypatch):
        restore_archive(path=older, now=LATER, may_replace=True)
        newer = exported(shop, tmp_path / "newer.zip").path
    settings.MIGRATION_MODULES = {}  # back to the release before
    needed_migrations.cache_clear()
    before = row_versions(shop.schema_name)
    with pytest.raises(ArchiveError, match=r"catalogue\.0099_note"):
        restore_archive(path=newer, now=LATER, may_replace=True)
    assert row_versions(shop.schema_name) == before
    assert data_of(newer).keys() == data_of(older).keys()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'restoring%'")
        assert cursor.fetchone() == (0,)
