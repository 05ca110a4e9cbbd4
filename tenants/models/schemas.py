"""State of the shops' schemas."""

from django.db import models

from tenants.models.shops import Shop


class MigrationFailure(models.Model):
    """Reason why the migration of a shop's schema failed; the row is deleted once it succeeds."""

    shop = models.OneToOneField(Shop, on_delete=models.CASCADE, primary_key=True, related_name="migration_failure")
    reason = models.TextField()
    attempts = models.PositiveIntegerField(default=1)
    failed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(attempts__gte=1), name="migration_failure_was_attempted")
        ]

    def __str__(self) -> str:
        return f"{self.shop_id}: {self.reason}"
