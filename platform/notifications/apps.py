"""App configuration."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        """Send the letters about accounts."""
        from accounts.services.mail import register_mailer  # noqa: PLC0415 - models must be loaded first
        from notifications.services import queue_email  # noqa: PLC0415

        register_mailer(queue_email)
