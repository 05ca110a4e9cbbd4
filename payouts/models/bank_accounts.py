"""Bank accounts of shops' payouts."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class BankAccount(models.Model):
    """Bank account of a shop's payouts, named by its bank; a change keeps the earlier one as a row."""

    shop = models.ForeignKey("tenants.Shop", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    bank_code = models.CharField(max_length=20)
    bank_name = models.CharField(max_length=120)
    number = models.CharField(max_length=16)
    holder_name = models.CharField(max_length=160, help_text="As the bank gave it.")
    verified_at = models.DateTimeField(help_text="When the bank was asked.")
    usable_from = models.DateTimeField(help_text="Nothing is paid to it before.")
    is_current = models.BooleanField(default=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shop"], condition=Q(is_current=True), name="bank_account_one_current_each"
            ),
            models.CheckConstraint(
                condition=Q(is_current=True, replaced_at__isnull=True) | Q(is_current=False, replaced_at__isnull=False),
                name="bank_account_replaced_when",
            ),
            models.CheckConstraint(condition=Q(number__regex=r"^[0-9]{6,16}$"), name="bank_account_number_is_one"),
            models.CheckConstraint(condition=~Q(holder_name=""), name="bank_account_named_by_its_bank"),
            models.CheckConstraint(condition=Q(usable_from__gte=F("created_at")), name="bank_account_usable_once_made"),
        ]
        indexes = [models.Index(fields=["shop", "-id"], name="bank_account_of")]

    def __str__(self) -> str:
        return f"{self.bank_name} of {self.shop_id}"
