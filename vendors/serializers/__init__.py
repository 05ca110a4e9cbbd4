"""What the shop's API takes and gives."""
