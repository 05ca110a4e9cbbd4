"""Shops with something in them, and what of them must come back."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django_tenants.utils import schema_context
from psycopg import sql

from catalogue.models import Product
from catalogue.selectors.pictures import new_picture_name, picture_files
from catalogue.services.images import attach_image_file
from kit.db.sql import fetch_all
from tenants.archives import Exported, export_shop
from tenants.archives.tables import shapes_of
from tenants.models import Shop, ShopExport, ShopStatus
from tests.world.clock import NOW
from tests.world.market import Stocked, open_shop, stock


def give_picture(item: Stocked, token: str, *, content: bytes | None = None) -> str:
    """Put a picture's files into the storage, and the picture on a product."""
    large = new_picture_name(shop_id=item.shop.pk, product_id=item.product_id, token=token)
    for name in picture_files(large):
        default_storage.save(name, ContentFile(content or f"{name} of {token}".encode()))
    attach_image_file(shop=item.shop, product_id=item.product_id, file=large, alt="From the front", now=NOW)
    return large


def furnished_shop(slug: str) -> tuple[Shop, list[Stocked]]:
    """A live shop with products, pictures and stock."""
    shop = open_shop(slug)
    Shop.objects.filter(pk=shop.pk).update(created_at=NOW + timedelta(microseconds=123_456))
    goods = [stock(shop, sku=f"SKU-{number}", on_hand=10 + number) for number in range(3)]
    for number, item in enumerate(goods):
        give_picture(item, f"token-{number}-of-{slug}")
    with schema_context(shop.schema_name):
        Product.objects.filter(pk=goods[0].product_id).update(description='Says "hello",\nin two lines; £5 — ẹ\\')
    return shop, goods


def set_status(shop: Shop, status: ShopStatus) -> None:
    """Give a shop a status, whatever it has."""
    Shop.objects.filter(pk=shop.pk).update(status=status, status_before="", delete_after=None)
    shop.refresh_from_db()


def exported(shop: Shop, to: Path, *, now: datetime = NOW) -> Exported:
    return export_shop(shop_id=shop.pk, to=to, now=now)


def data_of(path: Path) -> dict[str, str]:
    """The checksums of the shop's own files in an archive."""
    with zipfile.ZipFile(path) as archive:
        return {
            name: hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist()
            if name.startswith(("shop/", "media/"))
        }


def row_versions(schema_name: str) -> dict[str, list[Any]]:
    """Return the transaction that wrote each row of a schema, and the row's place."""
    found: dict[str, list[Any]] = {table.name: [] for table in shapes_of(schema_name)}
    each = sql.SQL("SELECT {} AS name, xmin::text AS written_by, ctid AS place FROM {}")
    tables = [each.format(sql.Literal(name), sql.Identifier(schema_name, name)) for name in found]
    for name, *version in fetch_all(sql.SQL(" UNION ALL ").join(tables) + sql.SQL(" ORDER BY name, place")):
        found[name].append(version)
    return found


def public_versions(table: str, shop_id: int) -> list[Any]:
    """The same of a public table's rows of one shop."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT xmin::text, ctid::text FROM {} WHERE shop_id = %s ORDER BY ctid").format(
                sql.Identifier("public", table)
            ),
            [shop_id],
        )
        return list(cursor.fetchall())


def tampered(source: Path, target: Path, change: Callable[[dict[str, bytes]], None], *, resign: bool = False) -> Path:
    """Write an archive again with other files; `resign` has the manifest say their checksums."""
    with zipfile.ZipFile(source) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    if resign:
        manifest = json.loads(files["manifest.json"])
        for name, data in files.items():
            if name != "manifest.json":
                facts = manifest["files"].setdefault(name, {})
                facts |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        files["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target


def export_of(shop: Shop) -> UUID:
    """An export that a shop has asked for."""
    kept = {"state": "ready", "file": f"exports/{shop.pk}/kept.zip", "ready_at": NOW, "expires_at": NOW}
    made, _ = ShopExport.objects.get_or_create(shop=shop, defaults={"created_at": NOW, **kept})
    return made.pk
