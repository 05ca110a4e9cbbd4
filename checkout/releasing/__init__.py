"""Schedules and holds of the money of delivered parts, told to the ledger, which releases it."""
