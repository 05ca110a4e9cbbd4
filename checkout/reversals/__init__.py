"""Reversals of sales: the refund, and the party that bears it."""
