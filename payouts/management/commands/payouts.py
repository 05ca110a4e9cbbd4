"""`manage.py payouts release|run|approve|status`: release what shops have earned, and pay it out."""

from typing import Any

from django.core.management.base import CommandParser

from kit.commands import UncheckedCommand
from payouts.management import approving, paying, releasing, status

# Each has `NAME`, `describe(parser)` and `run(options, out)`.
ACTIONS = {action.NAME: action for action in (releasing, paying, approving, status)}


class Command(UncheckedCommand):
    """Acts on the money of all shops."""

    help = "Release what shops have earned, pay it out, and show where it is."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for name, action in ACTIONS.items():
            action.describe(actions.add_parser(name, help=action.HELP))

    def handle(self, *, action: str, **options: Any) -> None:
        ACTIONS[action].run(options, self.stdout)
