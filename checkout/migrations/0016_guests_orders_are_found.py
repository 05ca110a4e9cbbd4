"""Guests' orders are found by their e-mail address; parts of an order come in the order of their numbers."""

import django.db.models.functions.text
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("checkout", "0015_step_times")]
    operations = [
        migrations.AlterModelOptions(
            name="suborder", options={"ordering": [django.db.models.functions.text.Length("number"), "number"]}
        ),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS public.order_of_guest", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "order",
            models.Index(fields=["email", "id"], condition=models.Q(buyer__isnull=True), name="order_of_guest"),
        ),
    ]
