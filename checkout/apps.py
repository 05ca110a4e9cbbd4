"""App configuration."""

from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "checkout"

    def ready(self) -> None:
        """Listen to what checkout itself makes happen, and to people who sign in."""
        from accounts.services.signed_in import on_signed_in
        from checkout import archives, personal_data
        from checkout.cart.identity import take_over_cart
        from checkout.orders.shop_life import orders_left
        from tenants.services.lifecycle_hooks import Stage, register_obstacle

        archives.register()
        on_signed_in(take_over_cart)
        register_obstacle(Stage.CLOSED, orders_left)
        personal_data.register()
