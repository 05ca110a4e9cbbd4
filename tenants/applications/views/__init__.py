"""The pages of opening a shop."""
