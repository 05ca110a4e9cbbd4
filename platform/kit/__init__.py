"""Domain-free building blocks; knows nothing of shops, orders or payouts."""
