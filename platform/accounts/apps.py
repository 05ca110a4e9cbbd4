"""App configuration."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        """Say what is kept about people."""
        from accounts.services import own_data

        own_data.register()
