"""Validate the constraints of 0028 for existing rows, in a transaction of its own."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("checkout", "0028_reversals")]
    operations = [
        ValidateConstraint("suborder", "sub_order_refunded_within_total"),
        ValidateConstraint("suborder", "sub_order_reversed_commission_within"),
        ValidateConstraint("suborder", "sub_order_reversed_discount_within"),
        migrations.RunSQL(
            "ALTER TABLE public.checkout_refund VALIDATE CONSTRAINT refund_reversal_fk", migrations.RunSQL.noop
        ),
    ]
