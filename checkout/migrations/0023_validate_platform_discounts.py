"""Validate the constraint of 0022 for existing sub-orders, in a transaction of its own."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("checkout", "0022_coupons")]
    operations = [ValidateConstraint("suborder", "sub_order_platform_discount_within")]
