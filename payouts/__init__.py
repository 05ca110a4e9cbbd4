"""Commission, ledger and balances (public schema)."""
