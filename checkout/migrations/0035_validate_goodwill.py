"""Validate the constraints of 0034 for existing rows, in a transaction of its own."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("checkout", "0034_goodwill")]
    operations = [
        ValidateConstraint("reversal", "reversal_refund_not_negative"),
        ValidateConstraint("reversal", "reversal_commission_within_share"),
        ValidateConstraint("suborder", "sub_order_goodwill_within_refunded"),
        ValidateConstraint("suborder", "sub_order_delivery_within_refunded"),
    ]
