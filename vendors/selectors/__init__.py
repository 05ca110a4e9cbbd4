"""Selectors of the shop's pages over several apps."""
