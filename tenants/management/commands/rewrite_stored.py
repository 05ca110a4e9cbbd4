"""`manage.py rewrite_stored`: bring what earlier releases stored into today's form."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from kit.commands import UncheckedCommand
from tenants.schemas.stored_forms import bring_into_form


class Command(UncheckedCommand):
    """Clean stored texts, and write stored options as pairs."""

    help = (
        "Clean texts and write options as pairs that earlier releases stored, once none of their processes runs. "
        "Run again, it goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="look into those too that are done")

    def handle(self, *, again: bool, **_options: Any) -> None:
        run = bring_into_form(now=timezone.now(), again=again, say=self.stdout.write)
        looks = f" Values that need a look, listed above: {run.faults}." if run.faults else ""
        self.stdout.write(f"Schemas brought into form: {run.schemas}. Rows rewritten: {run.rows}.{looks}")
        if run.left:
            reasons = [f"  {schema}: {reason}" for schema, reason in sorted(run.left.items())]
            raise CommandError("\n".join([f"{len(run.left)} schemas are left. Run it again.", *reasons]))
