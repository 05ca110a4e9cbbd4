"""The cart: what a buyer has chosen, kept in Redis."""
