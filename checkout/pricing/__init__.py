"""Pricing: the one place where an order's amounts come from."""
