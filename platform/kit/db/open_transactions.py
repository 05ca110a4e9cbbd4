"""Whether a transaction is open: what must be committed at once, or must not hold locks, asks first."""

from django.db import connection


def is_transaction_open() -> bool:
    """Tell whether a transaction is open; the one that a test case wraps around a test does not count.

    That is how `atomic(durable=True)` counts, too.
    """
    blocks = connection.atomic_blocks
    return bool(blocks) and not getattr(blocks[-1], "_from_testcase", False)
