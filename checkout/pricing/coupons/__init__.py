"""Coupons in a price: their facts, why one does not count, and what one takes off."""
