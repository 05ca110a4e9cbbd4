"""Pages about working in shops."""
