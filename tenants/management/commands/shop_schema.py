"""`manage.py shop_schema build|check`: the DDL artefact that new shops are made from."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from kit.commands import UncheckedCommand
from tenants.errors import ArtefactError
from tenants.schemas.artefact import PATH
from tenants.schemas.build import build_artefact, compare_artefact


class Command(UncheckedCommand):
    """Build or check the artefact."""

    help = "Build the DDL artefact of a shop's schema from the migrations, or check that it equals them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["build", "check"])

    def handle(self, *, action: str, **_options: Any) -> None:
        if action == "build":
            changed = build_artefact()
            self.stdout.write(f"{PATH.name}: {'written; commit it' if changed else 'up to date'}.")
            return
        try:
            differences = compare_artefact()
        except ArtefactError as error:
            raise CommandError(error.message) from error
        if differences:
            message = "\n".join([*differences, "The artefact is stale. Run: manage.py shop_schema build"])
            raise CommandError(message)
        self.stdout.write(f"{PATH.name} equals the migrations.")
