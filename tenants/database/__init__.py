"""The database engine: django-tenants' search path, and on shops' hosts a role of the shop's own beside it."""
