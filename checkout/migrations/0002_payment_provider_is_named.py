"""A payment names its provider; no provider is assumed.

The column stays as it is: it never had a default in the database, and the version before names the provider as well.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checkout", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "payment", "provider", models.CharField(help_text="Its name in the settings.", max_length=20)
                ),
            ]
        ),
    ]
