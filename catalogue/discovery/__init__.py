"""Categories and listings across all shops, for buyers (public schema)."""
