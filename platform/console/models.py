"""The audit log."""

from django.conf import settings
from django.db import models


class AuditAction(models.TextChoices):
    """What operators do that leaves an entry."""

    SHOP_SUSPENDED = "shop.suspended", "Shop suspended"
    SHOP_RESTORED = "shop.restored", "Shop restored"
    SHOP_CLOSURE_PLANNED = "shop.closure_planned", "Shop's closure planned"
    SHOP_CLOSURE_CANCELLED = "shop.closure_cancelled", "Shop's closure taken back"
    SHOP_CLOSING = "shop.closing", "Shop closing"
    SHOP_REOPENED = "shop.reopened", "Shop reopened"
    SHOP_DELETED = "shop.deleted", "Shop deleted"
    APPLICATION_APPROVED = "application.approved", "Application approved"
    APPLICATION_RETURNED = "application.returned", "More asked for"
    APPLICATION_REFUSED = "application.refused", "Application refused"
    OWNER_INVITED = "shop.owner_invited", "Owner invited"
    DOMAIN_REMOVED = "shop.domain_removed", "Shop's domain removed"
    PERSON_ERASED = "person.erased", "Person forgotten"
    EVENT_REPLAYED = "event.replayed", "Event replayed"
    PAYMENT_DISMISSED = "payment.dismissed", "Payment dealt with"
    REFUND_RETRIED = "refund.retried", "Refund retried"
    RATE_LIMIT_CHANGED = "shop.limit_changed", "Shop’s limit changed"
    BULK_JOB_CANCELLED = "bulk.cancelled", "Bulk job stopped"
    BULK_JOB_RETRIED = "bulk.retried", "Bulk job tried again"


class AuditEntry(models.Model):
    """Who did what to what, and why; appended, never changed."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60, choices=AuditAction)
    subject = models.CharField(max_length=120, help_text="What it was done to, as kind:key.")
    reason = models.CharField(max_length=300)
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="audit_reason_given")]
        indexes = [models.Index(fields=["subject", "-id"], name="audit_of")]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
