"""Pages that buyers find things on."""
