"""Lifecycle of a shop: provisioning, opening, holidays, suspension, closing and deletion."""
