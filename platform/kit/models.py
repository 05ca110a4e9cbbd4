"""Tables of the kit: the outbox and idempotency keys, both in the public schema."""

from django.db import models


class OutboxMessage(models.Model):
    """Something that happened, told to others after the commit, at least once."""

    topic = models.CharField(max_length=64)
    shop_id = models.BigIntegerField(null=True)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(topic=""), name="outbox_topic_named")]
        indexes = [models.Index(fields=["retry_at", "id"], name="outbox_due")]

    def __str__(self) -> str:
        return f"{self.topic} #{self.pk}"


class IdempotencyKey(models.Model):
    """A caller's key for one unsafe request, kept with what the request was and what came of it."""

    scope = models.CharField(max_length=100, help_text="Who asked, and for what.")
    key = models.CharField(max_length=100)
    request_hash = models.CharField(max_length=64)
    result = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"
