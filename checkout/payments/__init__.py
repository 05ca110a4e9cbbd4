"""Paying for orders: starting, confirming and polling payments."""
