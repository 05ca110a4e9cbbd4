"""App configuration."""

from django.apps import AppConfig


class CarriersConfig(AppConfig):
    name = "carriers"

    def ready(self) -> None:
        from carriers import checks  # noqa: F401 - register the system checks
