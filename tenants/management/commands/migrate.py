"""`manage.py migrate`: `public` first, then the shops that lag behind."""

from typing import Any

from django.core.management.base import CommandError
from django_tenants.management.commands.migrate_schemas import MigrateSchemasCommand

from tenants.database.roles import sync_shop_roles
from tenants.errors import ShopMigrationError
from tenants.schemas.migration_state import forget_marks
from tenants.schemas.migrations import migrate_outdated_shops, migrate_public

# Asked for with any of these, the command is django-tenants' own: every option, schema by schema.
SPECIAL = ("app_label", "migration_name", "fake", "fake_initial", "plan", "check_unapplied", "prune")
SCHEMA_CHOICE = ("tenant", "shared", "schema_name", "executor")


class Command(MigrateSchemasCommand):
    """Migrate everything, quickly where there is nothing to do."""

    help = "Migrate public, then the shops' schemas that lag behind the code. With options: every schema in turn."

    def handle(self, *args: Any, **options: Any) -> None:
        if any(options.get(name) for name in (*SPECIAL, *SCHEMA_CHOICE)):
            forget_marks()
            super().handle(*args, **options)
            return
        verbosity = int(options.get("verbosity", 1))
        public = migrate_public(verbosity=verbosity)
        sync_shop_roles()  # also without a migration: what they may do is written in the code
        try:
            shops = migrate_outdated_shops()
        except ShopMigrationError as error:
            raise CommandError(f"{error.message} See: manage.py migrate_shops") from error
        if verbosity:
            self.stdout.write(f"Migrations in public: {public}. Shops migrated: {shops}.")
