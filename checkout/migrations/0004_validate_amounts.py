"""Validate the constraints of 0003 for existing orders, in a transaction of its own."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("checkout", "0003_amounts")]
    operations = [
        ValidateConstraint("order", "order_total_adds_up"),
        ValidateConstraint("order", "order_amounts_not_negative"),
        ValidateConstraint("order", "order_amounts_within"),
        ValidateConstraint("order", "order_items_positive"),
        ValidateConstraint("suborder", "sub_order_total_adds_up"),
        ValidateConstraint("suborder", "sub_order_amounts_not_negative"),
        ValidateConstraint("suborder", "sub_order_amounts_within"),
    ]
