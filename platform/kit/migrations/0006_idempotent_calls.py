"""Calls of the API with an Idempotency-Key, and their answers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kit", "0005_stored_forms"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdempotentCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(help_text="Of the caller, the operation and the key.", max_length=64)),
                ("request_hash", models.CharField(max_length=64)),
                ("holder", models.UUIDField(help_text="The request that works on it, until `held_until`.")),
                ("held_until", models.DateTimeField()),
                (
                    "sealed_answer",
                    models.TextField(blank=True, db_default="", default="", help_text="Empty until it was done."),
                ),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="idempotent_call_by_age")],
                "constraints": [models.UniqueConstraint(fields=("digest",), name="idempotent_call_once")],
            },
        ),
    ]
