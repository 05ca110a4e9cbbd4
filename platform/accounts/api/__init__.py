"""The account API."""
