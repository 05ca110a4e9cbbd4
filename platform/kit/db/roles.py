"""Stepping out of a shop's database role, where the platform itself needs to know something."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.db import connection


@contextmanager
def as_platform() -> Iterator[None]:
    """Run a block, or a function that this decorates, as the platform's own database user, also on a shop's host.

    For the platform's own errands alone (who has signed in, their session): in the block the database no longer
    keeps one shop from another's data. Whatever is asked for there must be materialised there.
    """
    here = cast("Any", connection)
    shop_id = here.role_shop_id
    here.set_role(None)
    try:
        yield
    finally:
        here.set_role(shop_id)
