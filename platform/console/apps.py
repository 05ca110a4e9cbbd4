"""App configuration."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "console"

    def ready(self) -> None:
        """Write down what becomes a shop without an operator."""
        from console.services.applications import record_self_service
        from tenants.applications.services.decisions import on_approved

        on_approved(record_self_service)
