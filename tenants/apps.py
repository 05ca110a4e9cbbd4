"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = gettext_lazy("Shops")

    def ready(self) -> None:
        from tenants.database import checks as database_checks  # noqa: F401 - register the system checks
        from tenants.schemas import checks  # noqa: F401 - register the system checks
