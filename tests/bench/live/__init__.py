"""Open pages of orders, as the script of a page asks for their changes."""
