"""Demo data: believable shops, products and orders, made through the market's own services."""
