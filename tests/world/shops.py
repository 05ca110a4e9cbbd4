"""Shops for the tests of tenancy."""

from __future__ import annotations

from typing import Any

from django.db import connection
from psycopg import sql

from tenants.life.provisioning import provision_shop
from tenants.models import Shop, ShopStatus
from tests.world.clock import NOW


def make_shop(slug: str, **more: Any) -> Shop:
    """A live shop."""
    values = {"name": slug.title(), "owner_id": None, "now": NOW, "currency": "NGN", "status": ShopStatus.LIVE, **more}
    return provision_shop(slug=slug, **values)


def drop_schema(schema_name: str) -> None:
    """Take a shop's schema away, as no one should."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema_name)))


def schemas() -> set[str]:
    """The schemas of shops that the database holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'shop%'")
        return {row[0] for row in cursor.fetchall()}
