"""Stepping out of a shop's database role, where the platform itself needs to know something."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.db import connection


@contextmanager
def as_platform() -> Iterator[None]:
    """Run a block, or a function that this decorates, as the platform's own database user, also on a shop's host.

    Only for the platform's own reads, such as the session of the signed-in user: in the block the database does not
    separate shops. Querysets must be materialised inside it.
    """
    here = cast("Any", connection)
    shop_id = here.role_shop_id
    here.set_role(None)
    try:
        yield
    finally:
        here.set_role(shop_id)
