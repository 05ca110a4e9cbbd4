"""Reconciliation: each payment, refund and transfer of a provider beside what the ledger has booked of it."""
