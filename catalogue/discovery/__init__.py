"""What buyers find: categories and listings across all shops (public schema)."""
