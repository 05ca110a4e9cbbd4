"""Vendor orders and shipments (each shop's schema)."""
