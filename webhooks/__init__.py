"""The inbox of inbound events (public schema)."""
