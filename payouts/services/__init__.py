"""Services of the ledger: opening accounts and posting journals."""
