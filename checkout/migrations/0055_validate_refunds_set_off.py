"""Validate the constraint of 0054 for existing rows, in a transaction of its own."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("checkout", "0054_refunds_set_off")]
    operations = [ValidateConstraint("refund", "refund_set_off_within")]
