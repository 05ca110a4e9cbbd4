"""What the shop's own pages ask over several apps."""
