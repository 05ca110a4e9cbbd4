"""App configuration."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "kit"

    def ready(self) -> None:
        from kit import checks  # noqa: F401 - register the system checks
        from kit.django_shortcuts import take_shortcuts

        take_shortcuts()
