"""Twenty cases of money over a provider, each over real HTTP with real processes."""
