"""Change the help text of an event's kind: it is the provider's word."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial")]

    operations = [
        migrations.AlterField(
            "inboundevent", "kind", models.CharField(help_text="The provider's own name for it.", max_length=60)
        ),
    ]
