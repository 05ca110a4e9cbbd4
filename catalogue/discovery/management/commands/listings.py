"""`manage.py listings verify|rebuild`: prove or remake the projection that buyers search."""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from catalogue.discovery.models import Listing, ListingVariant
from catalogue.discovery.services.drift import Drift, find_drift
from catalogue.discovery.services.projection import rebuild_shop
from catalogue.discovery.services.vocabulary import refresh_vocabulary
from catalogue.selectors.schemas import schemas_with_goods
from kit.commands import UncheckedCommand
from kit.db.side_by_side import in_order
from tenants.database.recycling import return_connection
from tenants.models import Shop, ShopStatus
from tenants.shops.selectors import get_shop_by_slug, list_shops

SHOWN = 20


class Command(UncheckedCommand):
    """Compare the listings with the shops' own tables, or rebuild them from there."""

    help = "Verify that the listings are what the shops' tables say (exit 1 if not), or rebuild them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["verify", "rebuild"])
        parser.add_argument("--shop", metavar="SLUG", help="only this shop")

    def handle(self, *, action: str, shop: str | None, **_: Any) -> None:
        shops = [get_shop_by_slug(shop)] if shop else list(list_shops().exclude(status=ShopStatus.DELETED))
        total = len(shops)
        shops = shops if shop else _with_goods(shops)
        if action == "rebuild":
            for each in shops:
                rebuild_shop(shop_id=each.pk)
                return_connection()
            refresh_vocabulary()
            self.stdout.write(f"Rebuilt the listings of {total} shops.")
            return
        faults = sum(
            self._show(each.slug, found) for each, found in zip(shops, in_order(_drift_of, shops), strict=True)
        )
        if faults:
            raise CommandError(f"{faults} rows differ. `manage.py listings rebuild` puts them right.", returncode=1)
        self.stdout.write(f"The listings of {total} shops are what their tables say.")

    def _show(self, slug: str, found: list[Drift]) -> int:
        for drift in found[:SHOWN]:
            self.stdout.write(f"{slug}: {drift.table} {drift.id}: {drift.fault}")
        if len(found) > SHOWN:
            self.stdout.write(f"{slug}: and {len(found) - SHOWN} more")
        return len(found)


def _drift_of(shop: Shop) -> list[Drift]:
    found = find_drift(shop_id=shop.pk)
    return_connection()
    return found


def _with_goods(shops: list[Shop]) -> list[Shop]:
    """Return the shops that have products, or listings without them; the others have nothing to compare."""
    occupied = schemas_with_goods([shop.schema_name for shop in shops])
    listed = {
        shop_id
        for model in (Listing, ListingVariant)
        for shop_id in model.objects.order_by("shop_id").values_list("shop_id", flat=True).distinct()
    }
    return [shop for shop in shops if shop.schema_name in occupied or shop.pk in listed]
