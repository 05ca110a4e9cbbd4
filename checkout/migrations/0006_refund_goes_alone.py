"""Only refunds of providers that take one after the other keep the others of their payment waiting.

A refund that the version before asks for leaves the column out and goes alone, as all of them did. 0009 builds its
index.
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
    ]
