"""App configuration."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "tenants"
    verbose_name = "Shops"

    def ready(self) -> None:
        from accounts.services.own_domains import register_own_domains
        from accounts.services.roles import register_role_source
        from accounts.views.tabs import register_account_page
        from tenants import checks, database_checks  # noqa: F401 - register the system checks
        from tenants.selectors.domains import is_custom_host, works_at_host
        from tenants.services import personal_data
        from tenants.services.archives import own_parts
        from tenants.services.lifecycle_hooks import on_status_changed
        from tenants.services.lifecycle_notices import tell_owners
        from tenants.services.roles import shop_roles

        register_role_source(shop_roles)
        register_own_domains(is_ours=is_custom_host, works_there=works_at_host)
        on_status_changed(tell_owners)
        register_account_page("tenants:own-shops", "Your shops")
        own_parts.register()
        personal_data.register()
