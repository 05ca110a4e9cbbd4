"""Template filters of orders and baskets."""
