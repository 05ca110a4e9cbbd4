"""Commission of orders that were placed: explained line by line, and computed again with a rule that is tried."""
