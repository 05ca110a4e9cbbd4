"""`manage.py thumbnails`: give pictures of earlier releases the small size that lists show."""

from typing import Any

from django.core.management.base import CommandParser

from catalogue.selectors.schemas import schemas_with_goods
from catalogue.services.thumbnails import add_thumbnails
from kit.commands import UncheckedCommand
from tenants.database.recycling import return_connection
from tenants.models import ShopStatus
from tenants.shops.selectors import get_shop_by_slug, list_shops


class Command(UncheckedCommand):
    """Write the missing thumbnails of all shops, or of one."""

    help = "Write thumbnails for pictures that an earlier release stored without them. Run again, it goes on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shop", metavar="SLUG", help="only this shop")

    def handle(self, *, shop: str | None, **_: Any) -> None:
        shops = [get_shop_by_slug(shop)] if shop else list(list_shops().exclude(status=ShopStatus.DELETED))
        occupied = schemas_with_goods([each.schema_name for each in shops])
        added = unreadable = 0
        for each in shops:
            if each.schema_name in occupied:
                run = add_thumbnails(shop=each)
                added, unreadable = added + run.added, unreadable + run.unreadable
                return_connection()
        missing = f" Pictures whose file is missing or damaged, named in the log: {unreadable}." if unreadable else ""
        self.stdout.write(f"Pictures given a thumbnail: {added}.{missing}")
