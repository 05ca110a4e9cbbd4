"""Serving requests: what is accepted, how it is read, and who answers."""
