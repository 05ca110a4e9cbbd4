"""Turning a cart into an order, with stock reserved in every shop or in none."""
