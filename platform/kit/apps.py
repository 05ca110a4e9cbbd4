"""App configuration."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "kit"

    def ready(self) -> None:
        from kit import checks  # noqa: F401 - register the system checks
