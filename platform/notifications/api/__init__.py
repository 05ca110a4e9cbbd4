"""API of notifications."""
