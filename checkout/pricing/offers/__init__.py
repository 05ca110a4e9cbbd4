"""Automatic offers in a price: those of a shop that hold, and what each takes off its lines."""
