"""Coupons: made and edited by shops and operators, claimed by orders, and watched."""
