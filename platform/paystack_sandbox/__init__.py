"""A stateful Paystack look-alike in a process of its own, which knows nothing of the market."""
