"""Opening a shop: from the application to the approval."""
