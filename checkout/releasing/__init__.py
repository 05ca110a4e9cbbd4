"""When shops get the money of what they have delivered: told to the ledger, which releases it."""
