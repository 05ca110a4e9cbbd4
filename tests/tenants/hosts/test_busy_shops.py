"""A shop that somebody reads is not deleted under them, holds up no other, and is said so; and the reverse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tenants.archives import export_shop
from tenants.errors import ReservedSlugError, ShopBusyError, ShopUnavailableError
from tenants.life import deletion
from tenants.life.deletion import delete_due_shops, delete_shop
from tenants.models import Shop, ShopStatus
from tenants.shops.slugs import RESERVED, check_slug
from tests.runtime_plugin import database_url
from tests.world.clock import NOW
from tests.world.market import open_shop
from tests.world.shops import schemas

LATER = NOW + timedelta(days=1)


@pytest.fixture
def reader(live_database: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Another connection."""
    with psycopg.connect(database_url(live_database)) as somebody:
        yield somebody
        somebody.rollback()


def test_a_shop_that_is_read_is_left_and_the_others_go(
    reader: psycopg.Connection[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deletion, "LOCK_TIMEOUT", "50ms")
    shops = [open_shop(f"shop-{name}") for name in ("first", "busy", "third")]
    Shop.objects.update(status=ShopStatus.CLOSED, delete_after=NOW)
    reader.execute("SELECT count(*) FROM shop_shop_busy.catalogue_variant")
    with pytest.raises(ShopBusyError, match="Try again in a minute"):
        delete_shop(shop_id=shops[1].pk, actor_id=None, reason="A test", now=LATER)
    with pytest.raises(CommandError, match="Try again in a minute"):
        call_command("shops", "delete", "shop-busy", "--reason", "A test", "--yes", "--force")
    assert delete_due_shops(now=LATER) == 2
    assert schemas() == {"shop_shop_busy"}
    assert Shop.objects.get(pk=shops[1].pk).status == ShopStatus.CLOSED


def test_readers_and_droppers_of_a_whole_shop_begin_at_the_same_table(
    reader: psycopg.Connection[tuple[object, ...]], tmp_path: Path
) -> None:
    """Neither has a table yet that the other waits for: the export waits at the first one, and is then told."""
    shop = open_shop("indigo-fabrics")
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(relname) FROM pg_class WHERE relnamespace = 'shop_indigo_fabrics'::regnamespace")
    reader.execute("SET lock_timeout = '50ms'")
    with psycopg.connect(reader.info.dsn) as dropper:
        dropper.execute("LOCK TABLE shop_indigo_fabrics.catalogue_pricechange IN ACCESS EXCLUSIVE MODE")
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        with pytest.raises(ShopUnavailableError):
            export_shop(shop_id=shop.pk, to=tmp_path / "shop.zip", now=NOW)
        reader.execute("LOCK TABLE shop_indigo_fabrics.catalogue_product IN ACCESS EXCLUSIVE MODE NOWAIT")
        reader.rollback()
        dropper.rollback()
    export_shop(shop_id=shop.pk, to=tmp_path / "shop.zip", now=NOW)
    delete_shop(shop_id=shop.pk, actor_id=None, reason="A test", now=NOW, force=True)
    with pytest.raises(ShopUnavailableError):
        export_shop(shop_id=shop.pk, to=tmp_path / "gone.zip", now=NOW)


def test_shops_are_made_past_one_that_can_not_be(live_database: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA shop_trial_00002")
    with pytest.raises(CommandError, match=r"Shops made: 2\. There before: 0\. Not made: 1\."):
        call_command("shops", "create", "--count", "3")
    assert set(Shop.objects.values_list("slug", flat=True)) == {"trial-00001", "trial-00003"}


@pytest.mark.parametrize(
    "slug", ["wpad", "autodiscover", "autoconfig", "mta-sts", "isatap", "ns1", "openpgpkey", "localhost", "mx1"]
)
def test_names_that_programs_ask_for_by_themselves_are_nobody_s(slug: str) -> None:
    assert slug in RESERVED
    with pytest.raises(ReservedSlugError):
        check_slug(slug)
