"""`manage.py migrate_shops`: migrate the shops' schemas that lag behind the code."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from kit.commands import UncheckedCommand
from tenants.errors import ShopMigrationError
from tenants.management.progress import progress_bar
from tenants.schemas.migrations import migrate_outdated_shops, shops_state


class Command(UncheckedCommand):
    """Migrate shops' schemas."""

    help = "Migrate the shops' schemas that lag behind the code, and only those. Run again, it goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (default: one per core)")
        parser.add_argument("--canary", default="", metavar="SLUG", help="this shop first; if it fails, no other")

    def handle(self, *, jobs: int, canary: str, **_options: Any) -> None:
        if jobs < 1:
            raise CommandError("--jobs: at least one process is needed.")
        state = shops_state()
        try:
            with progress_bar("Shops migrated", total=len(state.outdated)) as advance:
                migrated = migrate_outdated_shops(state=state, jobs=jobs, canary=canary, advance=advance)
        except ShopMigrationError as error:
            reasons = [f"  {schema}: {reason}" for schema, reason in sorted((error.details or {}).items())]
            raise CommandError("\n".join([error.message, *reasons])) from error
        self.stdout.write(f"Shops migrated: {migrated}.")
