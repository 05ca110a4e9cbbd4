"""The cart: a buyer's chosen items, kept in Redis."""
