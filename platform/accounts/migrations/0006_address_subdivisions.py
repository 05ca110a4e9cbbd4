"""Addresses keep the ISO 3166-2 code of their state beside its name, and one of them may be the one of bills.

Texts of earlier releases stay as they are until their owner changes them.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_search_parts")]
    operations = [
        migrations.AddField(
            "address",
            "subdivision",
            models.CharField(
                max_length=6,
                blank=True,
                db_default="",
                help_text="Its ISO 3166-2 code; empty where it was entered as a text.",
            ),
        ),
        migrations.AddField(
            "address",
            "is_billing_default",
            models.BooleanField(
                default=False, db_default=False, help_text="Orders are billed here; none: where they are delivered."
            ),
        ),
        migrations.AlterField(
            "address",
            "state",
            models.CharField(max_length=100, blank=True, help_text="State, region or county by name."),
        ),
        AddConstraintNotValid(
            "address",
            models.CheckConstraint(
                condition=Q(subdivision="") | Q(subdivision__regex=r"^[A-Z]{2}-[A-Z0-9]{1,3}$"),
                name="address_subdivision_code",
            ),
        ),
    ]
