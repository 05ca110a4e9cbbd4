"""Every door of the market, tried with every wrong key; see docs/isolation.md."""
