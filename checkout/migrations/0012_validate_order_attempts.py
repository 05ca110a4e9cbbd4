"""Hold the orders that were there before to the check of 0011, under a lock that stops neither reading nor writing."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("checkout", "0011_orders_wait_to_end")]
    operations = [ValidateConstraint("order", "checkout_order_attempts_check")]
