"""Paying for orders, and giving money back."""
