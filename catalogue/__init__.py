"""Products, variants, images and stock (each shop's schema)."""
