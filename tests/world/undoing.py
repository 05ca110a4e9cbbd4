"""One case after the other on what takes long to make: what each writes is undone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """Undo what a block writes to the database; the test that has it goes on with what was there before."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
