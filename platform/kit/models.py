"""Tables of the kit, all in the public schema: the outbox, idempotency keys, bulk jobs, forms of what is stored."""

from django.db import models
from django.utils.translation import gettext_lazy

from kit.db.leased_work import LeasedWork
from kit.ids import uuid7


class OutboxMessage(LeasedWork):
    """An event that is delivered to its handlers after the commit, at least once."""

    topic = models.CharField(max_length=64)
    shop_id = models.BigIntegerField(null=True)
    payload = models.JSONField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, db_column="retry_at", help_text="When it is tried again; empty: at once.")
    last_error = models.TextField(blank=True, default="", db_default="")

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(topic=""), name="outbox_topic_named")]
        indexes = [models.Index(models.F("due_at").asc(nulls_first=True), "id", name="outbox_waiting")]

    def __str__(self) -> str:
        return f"{self.topic} #{self.pk}"


class IdempotencyKey(models.Model):
    """A caller's key for one unsafe request, stored with the request's hash and result."""

    scope = models.CharField(max_length=100, help_text="Who asked, and for what.")
    key = models.CharField(max_length=100)
    request_hash = models.CharField(max_length=64)
    result = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_key_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class IdempotentCall(models.Model):
    """A call of the API with an Idempotency-Key, and its answer once it was done (kit.work.idempotent_calls)."""

    digest = models.CharField(max_length=64, help_text="Of the caller, the operation and the key.")
    request_hash = models.CharField(max_length=64)
    holder = models.UUIDField(help_text="The request that works on it, until `held_until`.")
    held_until = models.DateTimeField()
    sealed_answer = models.TextField(blank=True, default="", db_default="", help_text="Empty until it was done.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["digest"], name="idempotent_call_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotent_call_by_age")]

    def __str__(self) -> str:
        return self.digest


class BulkState(models.TextChoices):
    """State of a bulk job."""

    QUEUED = "queued", gettext_lazy("Waiting")
    RUNNING = "running", gettext_lazy("Running")
    DONE = "done", gettext_lazy("Done")
    FAILED = "failed", gettext_lazy("Failed")
    CANCELLED = "cancelled", gettext_lazy("Cancelled")


OPEN_STATES = (BulkState.QUEUED, BulkState.RUNNING)


class BulkJob(LeasedWork):
    """Much work for one shop (or for the platform), done in slices between those of others."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    shop_id = models.BigIntegerField(null=True, help_text="Empty: the platform's own. No key: shops lie above the kit.")
    kind = models.CharField(max_length=60, help_text="A registered kind, such as catalogue.stock_import.")
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=BulkState, default=BulkState.QUEUED)
    total = models.PositiveIntegerField(default=0, help_text="Rows in all.")
    done = models.PositiveIntegerField(default=0, help_text="Rows that are behind the cursor.")
    refused = models.PositiveIntegerField(default=0, help_text="Of these, rows that could not be done.")
    cursor = models.BigIntegerField(default=0, help_text="Where the next slice begins; the kind knows what it means.")
    attempts = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Of the next slice; none once one has succeeded."
    )
    slices = models.PositiveIntegerField(default=0, help_text="That were done.")
    leased_until = models.DateTimeField(
        null=True, db_column="lease_until", help_text="Until then the slice is somebody's."
    )
    due_at = models.DateTimeField(null=True, db_column="retry_at", help_text="A slice that failed waits until then.")
    last_error = models.TextField(
        blank=True, default="", db_default="", db_column="error", help_text="What the last slice failed with."
    )
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(kind=""), name="bulk_job_kind_named"),
            models.CheckConstraint(condition=models.Q(state__in=BulkState.values), name="bulk_job_state_known"),
            models.CheckConstraint(condition=models.Q(done__lte=models.F("total")), name="bulk_job_done_within_total"),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN_STATES, finished_at__isnull=True)
                | models.Q(~models.Q(state__in=OPEN_STATES), finished_at__isnull=False),
                name="bulk_job_finished_has_time",
            ),
            models.CheckConstraint(
                condition=models.Q(leased_until__isnull=True) | models.Q(state=BulkState.RUNNING),
                name="bulk_job_leased_only_running",
            ),
        ]
        indexes = [
            models.Index(
                fields=["shop_id", "created_at", "id"], condition=models.Q(state__in=OPEN_STATES), name="bulk_job_open"
            ),
            models.Index(fields=["state", "-id"], name="bulk_job_by_state"),
            models.Index(fields=["shop_id", "-id"], name="bulk_job_of_shop"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        """Return whether there is work left."""
        return self.state in OPEN_STATES


class BulkTurn(models.Model):
    """Time of a shop's last slice: the longest waiting shop is next. The platform's own row is 0."""

    shop_id = models.BigIntegerField(primary_key=True)
    served_at = models.DateTimeField(null=True, help_text="By the database's clock, which all workers share.")

    def __str__(self) -> str:
        return f"shop {self.shop_id}"


class StoredForm(models.Model):
    """Up to which form what earlier releases stored in a schema has been brought; without a row, none."""

    schema_name = models.CharField(max_length=63)
    form = models.PositiveSmallIntegerField()
    reached_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schema_name"], name="stored_form_once_each")]

    def __str__(self) -> str:
        return f"{self.schema_name}: {self.form}"
