"""Ending orders that were not paid."""
