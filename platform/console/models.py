"""The audit log."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy

from console.audit_actions import label_of
from kit.text.columns import LineColumn, ShortParagraphsColumn


class AuditEntry(models.Model):
    """An operator's action with its subject and reason; appended, never changed."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=60, help_text="The name of an `AuditAction`.")
    subject = LineColumn(max_length=120, help_text="What it was done to, as kind:key.")
    reason = ShortParagraphsColumn(max_length=300)
    details = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(reason=""), name="audit_reason_given")]
        indexes = [models.Index(fields=["subject", "-id"], name="audit_of")]
        verbose_name_plural = gettext_lazy("audit entries")

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"

    @property
    def label(self) -> str:
        """Return the label of the action."""
        return label_of(self.action)
