"""Messages to people, and which of them they want."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from kit.db.leased_work import LeasedWork
from kit.ids import uuid7
from kit.text.columns import EmailColumn, PhoneColumn


class Channel(models.TextChoices):
    """Ways by which word reaches people."""

    IN_APP = "in_app", gettext_lazy("On this site")
    EMAIL = "email", gettext_lazy("E-mail")
    SMS = "sms", gettext_lazy("SMS")
    WHATSAPP = "whatsapp", gettext_lazy("WhatsApp")


class NoticeKind(models.TextChoices):
    """Kinds of notices that people choose between."""

    PAYMENTS = "payments", gettext_lazy("Payments, cancellations and refunds")
    PARCELS = "parcels", gettext_lazy("Parcels on their way")
    MESSAGES = "messages", gettext_lazy("Messages between buyers and shops")
    SALES = "sales", gettext_lazy("Orders of your shop")
    SHOP = "shop", gettext_lazy("News about your shop’s pages, addresses and exports")
    SECURITY = "security", gettext_lazy("Your account, your work in shops, and their safety")


# Money and security: their letters always arrive.
ALWAYS_WRITTEN = (NoticeKind.PAYMENTS, NoticeKind.SECURITY)


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
    unsubscribe_url = models.CharField(
        max_length=300, blank=True, db_default="", help_text="Where its reader declines letters of its kind."
    )

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


class TextMessage(LeasedWork):
    """A message to a phone that is sent once, and its state; its id is the reference at the gateway."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    channel = models.CharField(max_length=10, choices=Channel)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, db_index=False, related_name="+"
    )
    email = EmailColumn(max_length=254, help_text="Its reader's, by which their personal data is found.")
    to = PhoneColumn(max_length=32)
    text = models.TextField(help_text="Emptied after sending where it was secret.")
    is_secret = models.BooleanField(default=False, help_text="Its link lets its reader in: nobody else may see it.")
    time_zone = models.CharField(max_length=40, help_text="Of its reader, whose nights are quiet.")
    dedup_key = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When it is to be tried.")
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True, help_text="When we stopped trying, for the reason in the last error.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dedup_key", "channel"], name="text_message_once"),
            models.CheckConstraint(condition=Q(channel__in=["sms", "whatsapp"]), name="text_message_channel"),
            models.CheckConstraint(
                condition=Q(is_secret=False) | Q(sent_at__isnull=True) | Q(text=""), name="text_message_secret_emptied"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(sent_at__isnull=True, given_up_at__isnull=True),
                name="text_message_waiting",
            ),
            models.Index(fields=["email"], name="text_message_of_reader"),
            models.Index(fields=["user"], condition=Q(user__isnull=False), name="text_message_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.to}"


class QuietHours(models.Model):
    """Hours of a person's clock in which nothing is sent to their phone; none: the market's. Twice the same: never."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="quiet_hours"
    )
    begins = models.TimeField()
    ends = models.TimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.begins:%H:%M} to {self.ends:%H:%M}"


class Preference(models.Model):
    """A person's choice whether one kind of notice comes by one channel; none: as it is for everybody."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="notice_preferences"
    )
    kind = models.CharField(max_length=20, choices=NoticeKind)
    channel = models.CharField(max_length=10, choices=Channel)
    is_wanted = models.BooleanField()
    changed_at = models.DateTimeField(help_text="A later word counts: what was ticked with an order after it.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "channel"], name="preference_once"),
            models.CheckConstraint(
                condition=Q(is_wanted=True) | ~Q(channel="email", kind__in=["payments", "security"]),
                name="preference_always_written",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}: {'on' if self.is_wanted else 'off'}"
