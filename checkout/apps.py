"""App configuration."""

from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "checkout"

    def ready(self) -> None:
        """Listen to what checkout itself makes happen, and to people who sign in."""
        from accounts.services.signed_in import on_signed_in
        from checkout.identity import take_over_cart
        from checkout.services.payments import announce

        announce.register()
        on_signed_in(take_over_cart)
