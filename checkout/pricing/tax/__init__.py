"""Tax: the rates of countries, and the tax of a part of an order (docs/pricing.md, docs/adr/0062)."""
