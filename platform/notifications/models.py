"""Messages to people."""

from django.conf import settings
from django.db import models


class Notification(models.Model):
    """A message in a person's inbox on the site."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    body = models.CharField(max_length=300, blank=True)
    url = models.CharField(max_length=300, blank=True)
    dedup_key = models.CharField(max_length=100, help_text="The same thing is told once.")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "dedup_key"], name="notification_once")]
        indexes = [models.Index(fields=["user", "-id"], name="notification_of_user")]

    def __str__(self) -> str:
        return self.title


class Email(models.Model):
    """An e-mail that is to be sent, once, and what came of it."""

    to = models.EmailField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    dedup_key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["id"], condition=models.Q(sent_at__isnull=True), name="email_unsent")]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
