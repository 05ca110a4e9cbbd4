"""Messages to people."""

from django.conf import settings
from django.db import models

from kit.db.leased_work import LeasedWork
from kit.text.columns import EmailColumn


class Notification(models.Model):
    """A message in a person's inbox on the site."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="notifications"
    )
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    body = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=300, blank=True)
    dedup_key = models.CharField(max_length=100, help_text="The same thing is told once.")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "dedup_key"], name="notification_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_of_user"),
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return self.title


class Email(LeasedWork):
    """An e-mail that is sent once, and its state."""

    to = EmailColumn(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField(help_text="Emptied after sending where it was secret.")
    html = models.TextField(blank=True)
    is_secret = models.BooleanField(default=False, help_text="It lets its reader in: nobody else may see its text.")
    dedup_key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When it is to be tried.")
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True, help_text="When we stopped trying, for the reason in the last error.")

    class Meta:
        verbose_name = "e-mail"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_secret=False) | models.Q(sent_at__isnull=True) | models.Q(text="", html=""),
                name="email_secret_emptied",
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="email_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
