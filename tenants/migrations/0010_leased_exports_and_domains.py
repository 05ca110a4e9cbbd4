"""Exports and claims to domains take the columns of work that waits, by the names that their own columns have."""

from django.db import migrations, models

LEASED_UNTIL = "Until then some worker is at it."

RENAMED = [
    migrations.RemoveIndex("domainclaim", "domain_claim_due"),
    migrations.RenameField("domainclaim", "checks", "attempts"),
    migrations.AlterField(
        "domainclaim",
        "attempts",
        models.PositiveIntegerField(db_column="checks", default=0, help_text="In a row without success."),
    ),
    migrations.RenameField("domainclaim", "next_check_at", "due_at"),
    migrations.AlterField(
        "domainclaim",
        "due_at",
        models.DateTimeField(
            blank=True, db_column="next_check_at", help_text="Empty: only when somebody asks.", null=True
        ),
    ),
    migrations.AddIndex(
        "domainclaim",
        models.Index(condition=models.Q(due_at__isnull=False), fields=["due_at"], name="domain_claim_due"),
    ),
    migrations.RenameField("shopexport", "lease_until", "leased_until"),
    migrations.AlterField(
        "shopexport",
        "leased_until",
        models.DateTimeField(blank=True, db_column="lease_until", help_text=LEASED_UNTIL, null=True),
    ),
    migrations.RenameField("shopexport", "error", "last_error"),
    migrations.AlterField(
        "shopexport", "last_error", models.CharField(blank=True, db_column="error", default="", max_length=300)
    ),
]


class Migration(migrations.Migration):
    dependencies = [("tenants", "0009_purge_drafts")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=RENAMED),
        migrations.AlterField(
            "domainclaim",
            "attempts",
            models.PositiveIntegerField(
                db_column="checks", db_default=0, default=0, help_text="In a row without success."
            ),
        ),
        migrations.AddField(
            "domainclaim", "leased_until", models.DateTimeField(blank=True, help_text=LEASED_UNTIL, null=True)
        ),
        migrations.AddField(
            "domainclaim", "last_error", models.CharField(blank=True, db_default="", default="", max_length=300)
        ),
        migrations.AlterField("shopexport", "attempts", models.PositiveSmallIntegerField(db_default=0, default=0)),
        migrations.AddField(
            "shopexport",
            "due_at",
            models.DateTimeField(blank=True, help_text="When it is to be tried; empty: at once.", null=True),
        ),
        migrations.AlterField(
            "shopexport",
            "last_error",
            models.CharField(blank=True, db_column="error", db_default="", default="", max_length=300),
        ),
    ]
