"""Opening a shop, over the API."""
