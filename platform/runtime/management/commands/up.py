"""Run the whole market on this machine."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from kit.commands import UncheckedCommand
from runtime.up import options


class Command(UncheckedCommand):
    """Shows `up` and its options in the help; runtime.entry runs it ahead of Django."""

    help = (
        "Run the market on this machine: PostgreSQL, Redis, web server, worker, beat and a payment sandbox, "
        "with demo data on the first start. DATABASE_URL and REDIS_URL replace the embedded services."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        options.add_arguments(parser)

    def handle(self, *args: Any, **values: Any) -> None:
        message = "`up` starts the database that settings need: run it as `python manage.py up`."
        raise CommandError(message)
