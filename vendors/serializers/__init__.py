"""Input and output of the shop's API."""
