"""The API about working in shops, on the platform's host."""
