"""The cart and checkout API."""
