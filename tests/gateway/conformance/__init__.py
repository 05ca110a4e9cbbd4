"""Rules for every payment provider's adapter, tried on each of them; see docs/recipes/add-a-provider.md."""
