"""Members of shops, and invitations."""

from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from kit.ids import uuid7
from kit.text.columns import EmailColumn
from tenants.models.shops import Shop


class Role(models.TextChoices):
    """Role of a member of a shop's staff."""

    OWNER = "owner", gettext_lazy("Owner")
    MANAGER = "manager", gettext_lazy("Manager")
    FULFILMENT = "fulfilment", gettext_lazy("Fulfilment")
    ACCOUNTANT = "accountant", gettext_lazy("Accountant")
    VIEWER = "viewer", gettext_lazy("Viewer")


class Membership(models.Model):
    """A person's role in a shop."""

    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "user"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} as {self.role} of {self.shop_id}"


class Invitation(models.Model):
    """An offer of a role in a shop, made by e-mail; only a hash of its token is kept."""

    id: models.UUIDField[UUID, UUID] = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    shop = models.ForeignKey(Shop, on_delete=models.CASCADE, related_name="invitations")
    email = EmailColumn(help_text="In lower case.")
    role = models.CharField(max_length=12, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, in hexadecimal.")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop", "email"],
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_one_open_each",
            ),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="invitation_role_known"),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="invitation_ended_once",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="invitation_lasts_a_while"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.role} of {self.shop_id}"
