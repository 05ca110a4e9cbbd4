"""Invoices and credit notes of a shop, numbered without gaps."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from kit.ids import uuid7


class DocumentKind(models.TextChoices):
    """Kind of a numbered document."""

    INVOICE = "invoice", gettext_lazy("Invoice")
    CREDIT_NOTE = "credit_note", gettext_lazy("Credit note")


class DocumentCounter(models.Model):
    """Last number that a shop has given to a document of a kind; the row is locked while the next one is given."""

    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=11, choices=DocumentKind)
    last_sequence = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shop", "kind"], name="document_counter_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.last_sequence}"


class IssuedDocument(models.Model):
    """An invoice of a shop's part of an order, or a credit note for a reversal of it.

    Appended, never changed: `content` is all that is printed on it, so that it is printed alike at any later time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, db_index=False, related_name="+")
    sub_order = models.ForeignKey("checkout.SubOrder", on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=11, choices=DocumentKind)
    sequence = models.PositiveIntegerField(help_text="Its place among those of its shop and kind, from 1.")
    number = models.CharField(max_length=20)
    reversal = models.OneToOneField(
        "checkout.Reversal", on_delete=models.PROTECT, null=True, related_name="document", help_text="Of a credit note."
    )
    language = models.CharField(max_length=10)
    content = models.JSONField(help_text="What is printed on it.")
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["-kind", "sequence", "id"]  # of a part: its invoice, then its credit notes
        constraints = [
            models.UniqueConstraint(fields=["shop", "kind", "sequence"], name="document_numbered_once"),
            models.UniqueConstraint(
                fields=["sub_order"], condition=Q(kind="invoice"), name="document_one_invoice_of_a_part"
            ),
            models.CheckConstraint(
                condition=Q(kind="invoice", reversal__isnull=True) | Q(kind="credit_note", reversal__isnull=False),
                name="document_credits_a_reversal",
            ),
            models.CheckConstraint(condition=Q(sequence__gt=0), name="document_sequence_positive"),
        ]

    def __str__(self) -> str:
        return self.number
