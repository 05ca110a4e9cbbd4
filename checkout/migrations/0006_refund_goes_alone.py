"""Only refunds of providers that take one after the other keep the others of their payment waiting.

A refund that the version before asks for leaves the column out and goes alone, as all of them did. The new index is
there before the old one goes, so that never two of them are sent.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checkout", "0005_waiting_payments")]

    operations = [
        migrations.AddField(
            "refund",
            "goes_alone",
            models.BooleanField(
                db_default=True, help_text="Whether its provider takes one refund of a payment after the other."
            ),
        ),
        migrations.AddConstraint(
            "refund",
            models.UniqueConstraint(
                condition=models.Q(("goes_alone", True), ("status", "sent")),
                fields=("payment",),
                name="refund_alone_under_way",
            ),
        ),
        migrations.RemoveConstraint("refund", "refund_one_under_way_each_payment"),
    ]
