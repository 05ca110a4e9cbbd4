"""What changes the ledger: opening accounts and posting journals."""
