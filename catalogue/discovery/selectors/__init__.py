"""Reads of what buyers find."""
