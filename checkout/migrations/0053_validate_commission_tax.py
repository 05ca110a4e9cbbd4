"""Validate the constraints of 0052 for existing rows, in a transaction of its own."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("checkout", "0052_commission_tax")]
    operations = [
        ValidateConstraint("reversal", "reversal_commission_tax_within_share"),
        ValidateConstraint("suborder", "sub_order_commission_tax_within_items"),
        ValidateConstraint("suborder", "sub_order_reversed_commission_tax_within"),
    ]
