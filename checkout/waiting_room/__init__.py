"""Waiting rooms: a product that thousands want at once is sold in the order of arrival (docs/fair-sales.md)."""
