"""Selectors of the console, beyond those of other apps."""
