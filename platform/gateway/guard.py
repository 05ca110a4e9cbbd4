"""The network is never called inside a database transaction."""

from django.db import connection


class NetworkInTransactionError(RuntimeError):
    """A provider was about to be called while locks were held: a bug, wherever it happens."""


def refuse_inside_transaction() -> None:
    """Stop a network call that would hold a transaction open.

    The transaction that a test case wraps around a test does not count, as in `atomic(durable=True)`.

    Raises:
        NetworkInTransactionError: a transaction is open.
    """
    blocks = connection.atomic_blocks
    if blocks and not getattr(blocks[-1], "_from_testcase", False):
        raise NetworkInTransactionError("Commit before calling a payment provider.")
