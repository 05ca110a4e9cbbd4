"""`manage.py shops export|restore|clone`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, OutputWrapper
from django.utils import timezone

from kit.errors import DomainError
from tenants.archives import clone_shop, export_shop, restore_archive
from tenants.management.progress import progress_bar
from tenants.shops.selectors import get_shop_by_slug


def describe_export(parser: ArgumentParser) -> None:
    """Add the arguments of `shops export`."""
    parser.add_argument("slug", metavar="SLUG")
    parser.add_argument("--to", type=Path, metavar="FILE", help="default: SLUG-YYYYMMDD-HHMM.zip")


def describe_restore(parser: ArgumentParser) -> None:
    """Add the arguments of `shops restore`."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--replace", action="store_true", help="let a shop that is there lose what it holds now")
    parser.add_argument(
        "--unsigned",
        action="store_true",
        help="also a file that this market has not signed, or that was changed since: every row of it is judged",
    )


def describe_clone(parser: ArgumentParser) -> None:
    """Add the arguments of `shops clone`."""
    parser.add_argument("slug", metavar="SLUG")
    parser.add_argument("--as", dest="new_slug", required=True, metavar="NEW", help="the copy's address")
    parser.add_argument("--name", default="", help="the copy's name (default: the same)")


def export(options: dict[str, Any], out: OutputWrapper) -> None:
    """Write a shop's archive."""
    now = timezone.now()
    to = options["to"] or Path(f"{options['slug']}-{now:%Y%m%d-%H%M}.zip")
    try:
        shop = get_shop_by_slug(options["slug"])
        done = export_shop(shop_id=shop.pk, to=to, now=now, progress=progress_bar)
    except (DomainError, OSError) as error:
        raise CommandError(str(error)) from error
    out.write(f"{to}: {done.tables} tables, {done.rows:,} rows, {done.pictures:,} pictures, {done.size:,} bytes.")
    if done.missing:
        out.write(f"Pictures that the shop names and that are missing: {len(done.missing)} (in the manifest).")


def restore(options: dict[str, Any], out: OutputWrapper) -> None:
    """Put a shop back."""
    try:
        done = restore_archive(
            path=options["file"],
            now=timezone.now(),
            may_replace=options["replace"],
            may_be_unsigned=options["unsigned"],
            progress=progress_bar,
        )
    except (DomainError, OSError) as error:
        raise CommandError(str(error)) from error
    how = "set up" if done.is_new else "restored"
    out.write(f"{done.shop.slug} {how}: {done.rows:,} rows, {done.pictures:,} pictures; it is {done.shop.status}.")
    for line in done.report:
        out.write(f"- {line}")
    if not done.report:
        out.write("Orders and ledger are as they were when the archive was written.")


def clone(options: dict[str, Any], out: OutputWrapper) -> None:
    """Copy a shop."""
    try:
        source = get_shop_by_slug(options["slug"])
        made = clone_shop(
            shop_id=source.pk,
            slug=options["new_slug"],
            name=options["name"],
            now=timezone.now(),
            progress=progress_bar,
        )
    except DomainError as error:
        raise CommandError(error.message) from error
    out.write(f"{source.slug} copied to {made.slug}: a draft without orders and people.")
