"""Up to which form the values that earlier releases stored in each schema have been brought."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kit", "0004_outbox_waiting"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("schema_name", models.CharField(max_length=63)),
                ("form", models.PositiveSmallIntegerField()),
                ("reached_at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("schema_name",), name="stored_form_once_each")],
            },
        ),
    ]
