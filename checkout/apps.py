"""App configuration."""

from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "checkout"

    def ready(self) -> None:
        """Listen to what checkout itself makes happen."""
        from checkout.services.payments import announce

        announce.register()
