"""Replaying real marketplace orders through the market's own services: `manage.py replay DIR`."""
