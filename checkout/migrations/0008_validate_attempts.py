"""Hold the rows that were there before to the checks of 0005, under a lock that stops neither reading nor writing."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("checkout", "0007_refund_tries")]
    operations = [
        ValidateConstraint("payment", "checkout_payment_attempts_check"),
        ValidateConstraint("refund", "checkout_refund_attempts_check"),
    ]
