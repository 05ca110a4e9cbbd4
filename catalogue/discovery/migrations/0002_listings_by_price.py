"""Prices are put in order within one currency; the index for it is built while shops go on selling."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("discovery", "0001_initial")]
    operations = [
        AddIndexConcurrently(
            "listing",
            models.Index(
                fields=["currency", "price_minor", "id"], condition=Q(is_visible=True), name="listing_by_price"
            ),
        ),
        RemoveIndexConcurrently("listing", "listing_cheapest"),
    ]
