"""Validate the constraints of 0031 for existing rows, in a transaction of its own."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("checkout", "0031_times_within_years")]
    operations = [
        ValidateConstraint("automaticoffer", "offer_times_within_years"),
        ValidateConstraint("coupon", "coupon_times_within_years"),
    ]
