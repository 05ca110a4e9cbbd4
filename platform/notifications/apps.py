"""App configuration."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"

    def ready(self) -> None:
        """Send the letters about accounts."""
        from accounts.services.mail import register_mailer
        from notifications.services import personal_data, queue_email

        register_mailer(queue_email)
        personal_data.register()
