"""Sentences that are stored in rows and shown later (docs/adr/0098)."""
