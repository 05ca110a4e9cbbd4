"""App configuration."""

from django.apps import AppConfig


class DiscoveryConfig(AppConfig):
    name = "catalogue.discovery"
    label = "discovery"

    def ready(self) -> None:
        """Listen to what changes listings from elsewhere."""
        from catalogue.discovery.services.visibility import on_shop_changed, on_stock_changed
        from kit import outbox

        outbox.on("stock.changed", on_stock_changed)
        outbox.on("shop.changed", on_shop_changed)
