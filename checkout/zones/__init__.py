"""Delivery zones of a shop: checked, changed, and compiled into its terms of sale."""
