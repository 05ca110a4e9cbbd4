"""Shops, their hosts, members and schemas (public schema)."""
