"""The network is never called inside a database transaction."""

from kit.db.open_transactions import is_transaction_open


class NetworkInTransactionError(RuntimeError):
    """A provider was about to be called while locks were held: a bug, wherever it happens."""


def refuse_inside_transaction() -> None:
    """Stop a network call that would hold a transaction open.

    Raises:
        NetworkInTransactionError: a transaction is open.
    """
    if is_transaction_open():
        raise NetworkInTransactionError("Commit before calling a payment provider.")
