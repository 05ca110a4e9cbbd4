"""Disputes: the money that is held for them, what shops and the market say, and our answers."""
