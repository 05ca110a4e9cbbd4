"""App configuration."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Shops"

    def ready(self) -> None:
        from accounts.services.roles import register_role_source
        from tenants import checks  # noqa: F401 - registers the system checks
        from tenants.services.lifecycle_hooks import on_status_changed
        from tenants.services.lifecycle_notices import tell_owners
        from tenants.services.roles import shop_roles

        register_role_source(shop_roles)
        on_status_changed(tell_owners)
