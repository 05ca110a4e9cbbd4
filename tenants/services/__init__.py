"""Services of shops, their members and their schemas."""
