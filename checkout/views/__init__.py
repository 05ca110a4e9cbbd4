"""Pages of cart, checkout and orders."""
