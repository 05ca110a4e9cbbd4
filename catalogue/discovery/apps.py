"""App configuration."""

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "catalogue.discovery"
    label = "discovery"

    def ready(self) -> None:
        """Listen to what changes listings from elsewhere."""
        from catalogue.discovery.services.restored import follow_restored_shop
        from catalogue.discovery.services.visibility import follow_status
        from tenants.services.archives.parts import register_restored
        from tenants.services.lifecycle_hooks import on_status_changed

        on_status_changed(follow_status)
        register_restored(follow_restored_shop)
