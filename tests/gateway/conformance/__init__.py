"""What every payment provider's adapter has to do, tried on each of them; see docs/recipes/add-a-provider.md."""
