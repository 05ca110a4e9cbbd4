"""Work that the database lets write nothing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from kit.db.sql import execute


@contextmanager
def read_only() -> Iterator[None]:
    """Run a block in which PostgreSQL refuses every change of a row (SQLSTATE 25006, `is_refused_write`)."""
    if connection.in_atomic_block:
        with transaction.atomic():  # the mode ends with the savepoint
            execute("SET LOCAL transaction_read_only = on")
            yield
        return
    execute("SET default_transaction_read_only = on")
    try:
        yield
    finally:
        execute("SET default_transaction_read_only = off")


def is_refused_write(error: BaseException) -> bool:
    """Return whether an error of the database says that the block may write nothing."""
    return getattr(error.__cause__, "sqlstate", "") == "25006"
