"""Cart, orders, payments and refunds (public schema and Redis)."""
