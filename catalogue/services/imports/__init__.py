"""Prices and stock from a file: read, check, confirm, apply in slices, take back."""
