"""Changes of what buyers find."""
