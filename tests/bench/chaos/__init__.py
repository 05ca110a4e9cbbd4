"""A market in which everything is struck while people buy, and the counting afterwards."""
