"""`manage.py migrate_shops`: migrate the shops' schemas that lag behind the code."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.errors import ShopMigrationError
from tenants.services.migrations import migrate_lagging_shops


class Command(BaseCommand):
    """Migrate shops' schemas."""

    help = "Migrate the shops' schemas that lag behind the code, and only those."

    def handle(self, *, verbosity: int, **_options: Any) -> None:
        try:
            migrated = migrate_lagging_shops(verbosity=verbosity)
        except ShopMigrationError as error:
            reasons = [f"  {schema}: {reason}" for schema, reason in sorted(error.details.items())]
            raise CommandError("\n".join([error.message, *reasons])) from error
        self.stdout.write(f"Shops migrated: {migrated}.")
