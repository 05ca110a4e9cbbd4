"""E-mails take the columns of work that waits, and one for those that are given up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="email",
            name="given_up_at",
            field=models.DateTimeField(
                help_text="When we stopped trying, for the reason in the last error.", null=True
            ),
        ),
        migrations.AddField(
            model_name="email",
            name="leased_until",
            field=models.DateTimeField(blank=True, help_text="Until then some worker is at it.", null=True),
        ),
        migrations.AlterField(
            model_name="email",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="email",
            name="due_at",
            field=models.DateTimeField(help_text="When it is to be tried."),
        ),
        migrations.AlterField(
            model_name="email",
            name="last_error",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
    ]
