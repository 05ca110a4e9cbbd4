"""`manage.py shops create|status|export|restore|clone|delete`: make, inspect, move and delete shops."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from kit.commands import UncheckedCommand
from kit.errors import DomainError
from tenants.archives.staging import leftovers
from tenants.database.recycling import return_connection
from tenants.database.roles import roles_are_on, sync_shop_roles
from tenants.errors import ArtefactError
from tenants.life.trial_shops import provision_trial_shops, trial_slugs
from tenants.management import archiving, deleting
from tenants.management.progress import progress_bar
from tenants.models import ShopStatus
from tenants.schemas.drift import find_drift
from tenants.schemas.migration_state import forget_marks
from tenants.schemas.migrations import shops_state
from tenants.schemas.state import ShopState

LINES_EACH = 20


class Command(UncheckedCommand):
    """Acts on many shops."""

    help = "Make shops for a trial, show versions and drift of all; export, restore, copy or delete one."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        self._describe_create(
            actions.add_parser("create", help="make shops PREFIX-00001 to PREFIX-<count>, of the market's own currency")
        )
        actions.add_parser("roles", help="bring the shops' database roles up to date with the apps' grants")
        self._describe_status(actions.add_parser("status", help="versions, migrations and drift; fails when unwell"))
        archiving.describe_export(actions.add_parser("export", help="write one shop into one file"))
        archiving.describe_restore(actions.add_parser("restore", help="put a shop back from its file"))
        archiving.describe_clone(actions.add_parser("clone", help="copy a shop's goods into a new shop"))
        deleting.describe(actions.add_parser("delete", help="delete a shop's data for good"))

    def handle(self, *, action: str, **options: Any) -> None:
        elsewhere = {
            "export": archiving.export,
            "restore": archiving.restore,
            "clone": archiving.clone,
            "delete": deleting.delete,
        }
        if action in elsewhere:
            elsewhere[action](options, self.stdout)
        else:
            {"create": self._create, "roles": self._roles, "status": self._status}[action](options)

    @staticmethod
    def _describe_create(parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, required=True, help="how many there shall be; those there are kept")
        parser.add_argument("--prefix", default="trial", help="how their addresses begin (default: trial)")
        parser.add_argument("--status", choices=ShopStatus.values, default=ShopStatus.LIVE.value)

    @staticmethod
    def _describe_status(parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="SLUG", help="these shops only")
        parser.add_argument("--all", action="store_true", help="list the shops that are well, too")
        parser.add_argument("--no-drift", action="store_true", help="do not compare schemas with the artefact")

    def _create(self, options: dict[str, Any]) -> None:
        count = options["count"]
        if count < 1:
            raise CommandError("--count: at least one shop is needed.")
        try:
            slugs = trial_slugs(count=count, prefix=options["prefix"])
        except DomainError as error:
            raise CommandError(error.message) from error
        with progress_bar("Shops made", total=len(slugs)) as advance:
            refused = provision_trial_shops(
                slugs=slugs,
                currency=settings.PLATFORM_CURRENCY,
                status=options["status"],
                now=timezone.now(),
                advance=_next_shop(advance),
            )
        for slug, reason in list(refused.items())[:LINES_EACH]:
            self.stdout.write(f"{slug}: {reason}")
        made = len(slugs) - len(refused)
        summary = f"Shops made: {made}. There before: {count - len(slugs)}."
        if refused:
            raise CommandError(f"{summary} Not made: {len(refused)}.")
        self.stdout.write(summary)

    def _roles(self, _options: dict[str, Any]) -> None:
        if not roles_are_on():
            raise CommandError("Shops have no database roles here: SHOP_ROLES is off. See docs/isolation.md.")
        self.stdout.write(f"Tables and shops brought up to date: {sync_shop_roles()}.")

    def _status(self, options: dict[str, Any]) -> None:
        shops = _chosen(options["slugs"])
        drift: dict[str, list[str]] = {}
        if not options["no_drift"]:
            try:
                with progress_bar("Schemas compared", total=len(shops)) as advance:
                    drift = find_drift(shops, advance=_next_shop(advance))
            except ArtefactError as error:
                raise CommandError(error.message) from error
        unwell = [shop for shop in shops if shop.pending or shop.is_missing or shop.schema_name in drift]
        for shop in shops if options["all"] or options["slugs"] else unwell:
            self._show(shop, drift.get(shop.schema_name, []))
        for version, count in Counter(shop.born_from for shop in shops).most_common():
            self.stdout.write(f"Born from artefact {version or 'unknown'}: {count}")
        for name in leftovers():
            self.stdout.write(f"{name}  left by a restore that was killed, or of one that runs; restore again")
        summary = f"Shops: {len(shops)}. Unwell: {len(unwell)}."
        if unwell:
            raise CommandError(summary)
        self.stdout.write(summary)

    def _show(self, shop: ShopState, drift: list[str]) -> None:
        self.stdout.write(f"{shop.slug}  {shop.schema_name}  {shop.born_from or 'unknown'}  {_said(shop, drift)}")
        for line in drift[:LINES_EACH]:
            self.stdout.write(f"    {line}")
        if len(drift) > LINES_EACH:
            self.stdout.write(f"    … and {len(drift) - LINES_EACH} more")


def _next_shop(advance: Callable[[], None]) -> Callable[[], None]:
    """Return a callback for after each shop: it returns the connection, so that no server process grows too large."""

    def handed_back() -> None:
        return_connection()
        advance()

    return handed_back


def _chosen(slugs: list[str]) -> list[ShopState]:
    shops = shops_state(looked_up=True).shops
    if any(shop.pending for shop in shops):
        forget_marks()  # a schema may have been changed by hand
    if unknown := sorted(set(slugs) - {shop.slug for shop in shops}):
        raise CommandError(f"No such shop: {', '.join(unknown)}")
    return [shop for shop in shops if not slugs or shop.slug in slugs]


def _said(shop: ShopState, drift: list[str]) -> str:
    failed = f", failed {shop.failed_attempts} times" if shop.failed_attempts else ""
    if shop.is_missing:
        return f"schema missing{failed}"
    if shop.pending:
        return f"behind: {', '.join(shop.pending)}{failed}"
    return f"{len(drift)} differences from the artefact" if drift else "up to date"
