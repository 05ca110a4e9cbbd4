"""Check for an open transaction, for code that commits at once or must not hold locks."""

from django.db import connection


def is_transaction_open() -> bool:
    """Return whether a transaction is open; the one that a test case wraps around a test does not count.

    `atomic(durable=True)` counts the same way.
    """
    blocks = connection.atomic_blocks
    return bool(blocks) and not getattr(blocks[-1], "_from_testcase", False)
