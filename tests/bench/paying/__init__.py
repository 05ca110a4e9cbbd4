"""A payout run to many shops: shops as rows, a provider that only sends transfers, and the process that pays."""
