"""Makers of what tests need: shops with stock, people, orders, servers, browsers."""
