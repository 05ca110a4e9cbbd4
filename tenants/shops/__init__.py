"""Shops, as the other parts of the tenancy need them: look-ups, addresses, profile, files and the audit trail."""
