"""Disputes of payments: their arrival from the provider, the shares of shops, evidence of orders, and answers."""
