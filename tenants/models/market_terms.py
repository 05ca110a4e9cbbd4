"""Versions of what holds for all shops of the market."""

from django.db import models
from django.db.models import Q


class MarketTerms(models.Model):
    """The one row of these versions; it is read with the facts of shops."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    commission_version = models.BigIntegerField(
        default=0, db_default=0, help_text="Of the rules of commission (payouts); 0: none was ever on."
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="market_terms_are_one")]

    def __str__(self) -> str:
        return f"Rules of commission, version {self.commission_version}"
