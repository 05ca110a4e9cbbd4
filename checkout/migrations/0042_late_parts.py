"""Last days of parts, and when those that are over were found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checkout", "0041_returns")]
    operations = [
        migrations.AddField(
            model_name="suborder",
            name="send_by_on",
            field=models.DateField(null=True, help_text="Last day to send it, as the search for late parts keeps it."),
        ),
        migrations.AddField(
            model_name="suborder",
            name="arrive_by_on",
            field=models.DateField(
                null=True, help_text="Last day for it to arrive, likewise; empty before it is sent."
            ),
        ),
        migrations.AddField(
            model_name="suborder",
            name="late_to_send_at",
            field=models.DateTimeField(null=True, help_text="When it was found late to send, which is told once."),
        ),
        migrations.AddField(
            model_name="suborder",
            name="late_to_arrive_at",
            field=models.DateTimeField(null=True, help_text="When it was found late to arrive, likewise."),
        ),
    ]
