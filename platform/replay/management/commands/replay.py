"""`manage.py replay DIR`: place and pay real orders, then print the totals."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from django.core.management.base import CommandError
from django.db import Error
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from kit.commands import UncheckedCommand
from replay.helpers import running_market
from replay.onboarding import open_market
from replay.ordering import Replayer, ReplayError
from replay.source import Source, SourceError, read_source
from replay.totals import totals
from runtime import sandbox
from runtime.datadir import DataDir
from runtime.errors import StartupError
from runtime.interrupts import INTERRUPTED, was_interrupted
from tenants.database.recycling import return_connection
from tenants.schemas.migrations import migrate_outdated_shops, migrate_public


class Command(UncheckedCommand):
    """Replays orders from CSV files."""

    help = "Replay orders of sellers.csv, products.csv and order_items.csv; prints one line of JSON at the end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where the three CSV files are")
        parser.add_argument("--orders", type=int, help="only the first so many orders")
        parser.add_argument("--shops", type=int, help="only the first so many sellers, and orders of theirs alone")
        parser.add_argument("--port", type=int, default=0, help="for its own web server (default: any that is free)")

    def handle(self, *_: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            source = read_source(options["folder"], orders=options["orders"], shops=options["shops"])
            migrate_public()
            migrate_outdated_shops()
            with running_market(DataDir.resolve(), port=options["port"], say=self._say) as sandbox_url:
                sandbox.use(sandbox_url)
                self._replay(source, sandbox_url)
        except (SourceError, ReplayError, StartupError) as error:
            raise CommandError(str(error)) from error
        except (KeyboardInterrupt, Error) as error:
            if not was_interrupted(error):
                raise
            message = "Stopped. Nothing is lost: the same command goes on from here."
            raise CommandError(message, returncode=INTERRUPTED) from None
        self.stdout.write(json.dumps({**totals(), "seconds": round(time.monotonic() - started, 2)}))

    def _replay(self, source: Source, sandbox_url: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        console = Console(stderr=True)
        with ExitStack() as stack:
            progress = stack.enter_context(Progress(*columns, console=console))
            provider = stack.enter_context(httpx.Client(base_url=sandbox_url, timeout=30))
            stack.enter_context(_without_minimum(provider))

            def advance(task: TaskID) -> None:
                return_connection()
                progress.advance(task)

            shops = progress.add_task("Shops and stock", total=len(source.sellers))
            market = open_market(source, now=timezone.now(), advance=partial(advance, shops))
            orders = progress.add_task("Orders", total=len(source.orders))
            Replayer(market, provider, advance=partial(advance, orders)).run(source.orders)

    def _say(self, text: str) -> None:
        self.stderr.write(text)


@contextmanager
def _without_minimum(provider: httpx.Client) -> Iterator[None]:
    """Let small orders be paid: the data knows no minimum charge, the provider does."""
    asked = provider.post("/sandbox/faults", json={"kind": "no_minimum", "times": None})
    asked.raise_for_status()
    yield
    provider.delete(f"/sandbox/faults/{asked.json()['data']['id']}")
