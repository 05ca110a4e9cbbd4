"""Outside carriers: the port to the rates that they ask, and a folder for each service that tells them."""

from carriers.registry import shipping_rates

__all__ = ["shipping_rates"]
