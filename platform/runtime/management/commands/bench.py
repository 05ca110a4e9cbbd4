"""`manage.py bench`: measures the market; the measuring itself is part of the tests."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError

from kit.commands import UncheckedCommand
from runtime.datadir import PROJECT_ROOT

MODULE = "tests.bench"


class Command(UncheckedCommand):
    """Hands over to `tests.bench`, which starts services and processes of its own."""

    help = "Measure the market beside what the same machine could do: `manage.py bench --help` says more."

    def run_from_argv(self, argv: Sequence[str]) -> None:
        """Become the benchmark: its options are its own, and so is its database."""
        try:
            is_there = importlib.util.find_spec(f"{MODULE}.__main__") is not None
        except ModuleNotFoundError:
            is_there = False
        if not is_there:
            sys.stderr.write("The benchmarks are part of the tests, which are not installed here: use a clone.\n")
            sys.exit(1)
        os.chdir(PROJECT_ROOT)
        os.execv(sys.executable, [sys.executable, "-m", MODULE, *argv[2:]])  # noqa: S606

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse to run inside another process.

        Raises:
            CommandError: always.
        """
        raise CommandError("`bench` needs a process of its own: run it as `manage.py bench`.")
