"""Messages between a buyer and a shop about the shop's part of an order (docs/adr/0078-messages.md)."""
