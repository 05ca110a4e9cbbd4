"""Find the entries of a sub-order, to see which of a shop's accounts holds its money."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("payouts", "0006_journals_of_reversals")]

    operations = [
        AddIndexConcurrently(
            "entry",
            models.Index(
                fields=["sub_order_id"],
                condition=models.Q(sub_order_id__isnull=False),
                name="entry_of_sub_order",
            ),
        )
    ]
