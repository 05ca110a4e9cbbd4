"""The API of discovery; anybody may read."""
