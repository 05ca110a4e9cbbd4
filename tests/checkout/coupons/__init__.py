"""Coupons: claimed, released, put in carts, kept by shops and operators."""
