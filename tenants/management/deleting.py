"""`manage.py shops delete`."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError, OutputWrapper
from django.utils import timezone

from kit.errors import DomainError
from tenants.errors import ShopBusyError, ShopStatusError
from tenants.life.deletion import delete_shop
from tenants.life.hooks import Stage, obstacles_to
from tenants.models import Shop, ShopStatus
from tenants.shops.selectors import get_shop_by_slug


def describe(parser: ArgumentParser) -> None:
    """Add the arguments of `shops delete`."""
    parser.add_argument("slug", metavar="SLUG")
    parser.add_argument("--reason", required=True, help="why; the shop's trail keeps it")
    parser.add_argument("--force", action="store_true", help="also one that is not closed, or that is owed something")
    parser.add_argument("--yes", action="store_true", help="don't ask for the address to be typed")


def delete(options: dict[str, Any], out: OutputWrapper) -> None:
    """Delete a shop's data after the operator has confirmed which shop is meant."""
    reason = options["reason"].strip()
    if not reason:
        raise CommandError("Say why, with --reason.")
    try:
        shop = get_shop_by_slug(options["slug"])
        _announce(shop, out)
        if not options["yes"]:
            _ask(shop)
        delete_shop(shop_id=shop.pk, actor_id=None, reason=reason, now=timezone.now(), force=options["force"])
    except (ShopBusyError, ShopStatusError) as error:
        hint = "" if options["force"] or shop.status == ShopStatus.DELETED else " --force deletes it regardless."
        raise CommandError(f"{error.message}{hint}") from error
    except DomainError as error:
        raise CommandError(error.message) from error
    out.write(f"{shop.slug} is deleted; its orders, ledger and trail stay.")


def _announce(shop: Shop, out: OutputWrapper) -> None:
    if shop.status == ShopStatus.DELETED:
        return
    out.write(f"{shop.slug}: {shop.name}, {shop.get_status_display().lower()}. What is deleted is gone for good:")
    out.write("goods, stock, pictures, its own orders, staff and addresses. `shops export` writes an archive before.")
    for left in [*obstacles_to(Stage.CLOSED, shop), *obstacles_to(Stage.DELETED, shop)]:
        out.write(f"- {left}")


def _ask(shop: Shop) -> None:
    if not sys.stdin.isatty():
        raise CommandError("This needs a confirmation: pass --yes.")
    if input(f"Type {shop.slug} to delete it: ").strip() != shop.slug:
        raise CommandError("Nothing was deleted.")
