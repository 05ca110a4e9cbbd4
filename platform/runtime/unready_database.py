"""What a command is told to do where the database has not been set up, or is behind the code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from runtime.errors import StartupError

BRINGS_UP_TO_DATE = frozenset({"migrate", "migrate_schemas"})
UNREADY = (
    "The database has not been set up for this release: {missing}. "
    "Run: manage.py migrate (or manage.py up, which does it at its start), then this command again."
)


@contextmanager
def told_to_migrate(command: str) -> Iterator[None]:
    """Say what to do where a table or column of `public` is missing and its migrations have not run.

    Raises:
        StartupError: they have not; whatever else the database refuses passes as it is.
    """
    from django.db import ProgrammingError

    try:
        yield
    except ProgrammingError as error:
        if command in BRINGS_UP_TO_DATE or not _is_behind():
            raise
        raise StartupError(UNREADY.format(missing=str(error).splitlines()[0])) from error


def _is_behind() -> bool:
    from django.db import Error

    from tenants.services.migrations import pending_public

    try:
        return bool(pending_public())
    except Error:
        return False
