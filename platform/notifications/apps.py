"""App configuration."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        """Send the letters about accounts."""
        from accounts.services.mail import register_mailer
        from notifications.services import queue_email

        register_mailer(queue_email)
