"""Demo data: believable shops, products and orders."""
