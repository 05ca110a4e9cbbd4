"""A progress bar on the terminal's error stream, for commands that go through many shops."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def progress_bar(title: str, *, total: int) -> Iterator[Callable[[], None]]:
    """Show a progress bar inside a block, and yield the callback that advances it; no bar for an empty list."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not total) as progress:
        bar = progress.add_task(title, total=total)
        yield lambda: progress.advance(bar)
