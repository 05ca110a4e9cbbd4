"""Paystack, by its sandbox over real HTTP."""
