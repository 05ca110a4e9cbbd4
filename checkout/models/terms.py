"""Terms of sale of a shop: all that its prices depend on beside the goods, compiled for quotes."""

from django.db import models
from django.db.models import Value


class ShopTerms(models.Model):
    """Terms of a shop, a column for each section, as its own tables said at `version`.

    A shop without a row has none of its own; `checkout.pricing.terms` reads and writes the columns.
    """

    shop = models.OneToOneField("tenants.Shop", on_delete=models.CASCADE, primary_key=True, related_name="+")
    version = models.BigIntegerField(help_text="The shop's `terms_version`.")
    delivery = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    offers = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    tax = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(version__gt=0), name="shop_terms_version_positive"),
        ]

    def __str__(self) -> str:
        return f"Terms of shop {self.pk}, version {self.version}"
