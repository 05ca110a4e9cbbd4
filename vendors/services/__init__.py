"""What the shop's pages do in one go over other apps' services."""
