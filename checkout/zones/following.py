"""Zones of a shop that was restored or copied: its terms are compiled again."""

from collections.abc import Callable
from datetime import datetime

from checkout.fulfilment.services.zones import read_zones, write_zones
from checkout.zones.compiling import compile_again, store_zones
from tenants.archives.parts import RestoredSchema
from tenants.models import Shop


def follow_restored(restored: RestoredSchema) -> list[str]:
    """Compile the terms of the zones that an archive has put in place of others; nothing has to be reported."""
    compile_again(shop=restored.shop, now=restored.now)
    return []


def copy_zones(source: Shop, clone: Shop, copied: Callable[[str], str], now: datetime) -> None:  # noqa: ARG001 - a Copier's
    """Give a clone the zones of the other shop, with the same ids: each shop has its own."""
    zones = read_zones(schema_name=source.schema_name)
    write_zones(schema_name=clone.schema_name, zones=zones)
    store_zones(shop=clone, zones=zones, now=now)
