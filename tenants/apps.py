"""App configuration."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Shops"

    def ready(self) -> None:
        from tenants import checks, database_checks  # noqa: F401 - register the system checks
