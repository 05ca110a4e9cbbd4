"""People: users, addresses and how they sign in (public schema)."""
