"""Say whose word an event's kind is; only the help text changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial")]

    operations = [
        migrations.AlterField(
            "inboundevent", "kind", models.CharField(help_text="The provider's own name for it.", max_length=60)
        ),
    ]
