"""The audit's checks of orders, payments and refunds, against the ledger and the shops' own records."""
