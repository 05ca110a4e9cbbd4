"""Parcels of a part of an order; an older process goes on writing the tracking of the last one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0039_documents"),
    ]

    operations = [
        migrations.AddField(
            model_name="suborder",
            name="parcels",
            field=models.JSONField(
                db_default=models.Value([], models.JSONField()),
                default=list,
                help_text="Its parcels with the units in them; empty where an earlier release has sent it in one.",
            ),
        ),
        migrations.AlterField(
            model_name="suborder",
            name="tracking",
            field=models.JSONField(default=dict, help_text="Carrier and number of its last parcel."),
        ),
    ]
