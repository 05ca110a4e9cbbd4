"""Indexes that another one of the same table covers go: each was one more to keep for every row that is written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("payouts", "0004_account_codes")]
    operations = [
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS public.payouts_entry_account_id_bd24ed87",
            migrations.RunSQL.noop,
            state_operations=[
                migrations.AlterField(
                    "entry",
                    "account",
                    models.ForeignKey(
                        on_delete=models.PROTECT, db_index=False, related_name="entries", to="payouts.account"
                    ),
                )
            ],
        ),
    ]
