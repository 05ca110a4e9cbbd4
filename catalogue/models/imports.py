"""Files of prices and stock that a shop hands in, and what each row of them did."""

from django.db import models
from django.utils.translation import gettext_lazy

from catalogue.tax_classes import TaxClass
from kit.ids import uuid7
from kit.text.columns import LineColumn


class ImportState(models.TextChoices):
    """State of a file."""

    CHECKED = "checked", gettext_lazy("To be confirmed")
    CONFIRMED = "confirmed", gettext_lazy("Confirmed")
    DISCARDED = "discarded", gettext_lazy("Discarded")


class StockImport(models.Model):
    """A file of prices and stock: checked at once, applied by a bulk job after its confirmation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    file = models.CharField(max_length=200, help_text="In the private storage, under the shop's own folder.")
    file_name = LineColumn(max_length=160, help_text="What the person's file was called.")
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.CHECKED)
    rows = models.PositiveIntegerField(default=0)
    faulty = models.PositiveIntegerField(default=0, help_text="Rows that cannot be applied.")
    changes = models.PositiveIntegerField(default=0, help_text="Rows that would change something.")
    columns_read = models.JSONField(default=list, db_default=[], help_text="As the file's first line names them.")
    columns_unread = models.JSONField(default=list, db_default=[], help_text="Those that are for people alone.")
    job_id = models.UUIDField(null=True, help_text="The bulk job, in public.")
    undo_job_id = models.UUIDField(null=True, help_text="The bulk job that takes it back, in public.")
    created_by_id = models.BigIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rows__gte=models.F("faulty") + models.F("changes")), name="import_rows_add_up"
            ),
            models.CheckConstraint(
                condition=models.Q(state="confirmed", job_id__isnull=False)
                | models.Q(~models.Q(state="confirmed"), job_id__isnull=True),
                name="import_confirmed_has_job",
            ),
            models.CheckConstraint(
                condition=models.Q(undo_job_id__isnull=True) | models.Q(state="confirmed"),
                name="import_undone_was_done",
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "id"], name="import_newest")]

    def __str__(self) -> str:
        return self.file_name


class RowState(models.TextChoices):
    """State of a row."""

    FAULTY = "faulty", gettext_lazy("Cannot be applied")
    SAME = "same", gettext_lazy("Nothing to change")
    READY = "ready", gettext_lazy("To be applied")
    APPLIED = "applied", gettext_lazy("Applied")
    REFUSED = "refused", gettext_lazy("Could not be applied")
    UNDONE = "undone", gettext_lazy("Taken back")
    KEPT = "kept", gettext_lazy("Changed since, left as it is")


class StockImportRow(models.Model):
    """One row of a file, with what was there before it."""

    stock_import = models.ForeignKey(StockImport, on_delete=models.CASCADE, db_index=False, related_name="row_set")
    line = models.PositiveIntegerField(help_text="In the file, as a text editor counts.")
    sku = LineColumn(max_length=64)
    variant_id = models.UUIDField(null=True)
    price_minor = models.BigIntegerField(null=True, help_text="The new price; empty: left alone.")
    on_hand = models.IntegerField(null=True, help_text="The new count; empty: left alone.")
    old_price_minor = models.BigIntegerField(null=True)
    old_compare_at_minor = models.BigIntegerField(null=True)
    old_on_hand = models.IntegerField(null=True)
    weight_g = models.IntegerField(null=True, help_text="The new weight, 0: none; empty: left alone.")
    old_weight_g = models.IntegerField(null=True)
    tax_class = models.CharField(
        max_length=10,
        choices=TaxClass,
        blank=True,
        default="",
        db_default="",
        help_text="The product's new one; empty: left alone.",
    )
    old_tax_class = models.CharField(max_length=10, choices=TaxClass, blank=True, default="", db_default="")
    state = models.CharField(max_length=8, choices=RowState)
    message = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stock_import", "line"], name="import_row_once"),
            models.CheckConstraint(
                condition=models.Q(state="faulty") | models.Q(state="same") | models.Q(variant_id__isnull=False),
                name="import_row_has_variant",
            ),
            models.CheckConstraint(
                condition=(~models.Q(state="faulty") & ~models.Q(state="refused") & ~models.Q(state="kept"))
                | ~models.Q(message=""),
                name="import_row_says_why",
            ),
        ]
        indexes = [models.Index(fields=["stock_import", "state", "line"], name="import_row_by_state")]

    def __str__(self) -> str:
        return f"{self.line}: {self.sku}"
