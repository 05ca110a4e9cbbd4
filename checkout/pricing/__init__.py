"""What an order costs: the one place where its amounts come from."""
