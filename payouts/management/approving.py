"""`manage.py payouts approve`: let a run be sent."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import OutputWrapper
from django.utils import timezone

from payouts.management.paying import approve, described

NAME = "approve"
HELP = "let a run be sent that waits for a second person"


def describe(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("run_id", metavar="RUN")
    parser.add_argument("--by", metavar="EMAIL", required=True, help="the operator who approves it")


def run(options: dict[str, Any], out: OutputWrapper) -> None:
    """Approve the run."""
    out.write(described(approve(run_id=options["run_id"], email=options["by"], now=timezone.now())))
