"""Payouts: runs that send shops what is available to them, one transfer at a time for each (docs/payouts.md)."""
