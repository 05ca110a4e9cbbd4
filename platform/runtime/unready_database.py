"""Error texts for commands where the database has not been set up, or is behind the code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from runtime.errors import StartupError
from runtime.unusable import silent_database

BRINGS_UP_TO_DATE = frozenset({"migrate", "migrate_schemas"})
UNREADY = (
    "The database has not been set up for this release: {missing}. "
    "Run: manage.py migrate (or manage.py up, which does it at its start), then this command again."
)


@contextmanager
def told_to_migrate(command: str) -> Iterator[None]:
    """Raise an error with the remedy where `public` lacks a table or column because migrations have not run.

    Raises:
        StartupError: migrations have not run, or the database does not answer; other errors are raised unchanged.
    """
    from django.db import OperationalError, ProgrammingError

    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) is not None:
            raise
        raise silent_database(error) from error
    except ProgrammingError as error:
        if command in BRINGS_UP_TO_DATE or not _is_behind():
            raise
        raise StartupError(UNREADY.format(missing=str(error).splitlines()[0])) from error


def _is_behind() -> bool:
    from django.db import Error

    from tenants.schemas.migrations import pending_public

    try:
        return bool(pending_public())
    except Error:
        return False
