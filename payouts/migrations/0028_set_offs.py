"""Refunds that lost disputes have paid, and the database's own guard of them: they are undone once, and stay."""

import django.db.models.deletion
from django.db import migrations, models

import kit.ids

GUARD = """
CREATE TRIGGER money_is_kept BEFORE UPDATE ON public.payouts_disputesetoff FOR EACH ROW
    WHEN (OLD.undone_at IS NOT NULL
          OR ROW(NEW.id, NEW.dispute_id, NEW.refund_id, NEW.amount_minor, NEW.created_at)
          IS DISTINCT FROM ROW(OLD.id, OLD.dispute_id, OLD.refund_id, OLD.amount_minor, OLD.created_at))
    EXECUTE FUNCTION public.money_refuse_change();
CREATE TRIGGER money_is_not_deleted BEFORE DELETE OR TRUNCATE ON public.payouts_disputesetoff FOR EACH STATEMENT
    EXECUTE FUNCTION public.money_refuse_change();
"""
UNGUARD = """
DROP TRIGGER money_is_not_deleted ON public.payouts_disputesetoff;
DROP TRIGGER money_is_kept ON public.payouts_disputesetoff;
"""


class Migration(migrations.Migration):
    dependencies = [("payouts", "0027_disputes_hold_more")]

    operations = [
        migrations.AlterField(
            model_name="journal",
            name="kind",
            field=models.CharField(
                choices=[
                    ("sale", "Sale"),
                    ("refund", "Refund"),
                    ("reversal", "Sale taken back"),
                    ("release", "Released"),
                    ("reserve_end", "Reserve released"),
                    ("payout", "Payout set aside"),
                    ("payout_sent", "Payout paid"),
                    ("payout_back", "Payout came back"),
                    ("payout_cost", "Cost of a payout on request"),
                    ("correction", "Corrected"),
                    ("operator", "Moved by the operator"),
                    ("dispute", "Disputed"),
                    ("dispute_end", "Dispute decided"),
                    ("set_off", "Refund paid by the buyer’s bank"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="DisputeSetOff",
            fields=[
                ("id", models.UUIDField(default=kit.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("refund_id", models.UUIDField()),
                ("amount_minor", models.BigIntegerField()),
                ("created_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "dispute",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="set_offs", to="payouts.dispute"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["refund_id"], name="dispute_set_off_of_refund")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="dispute_set_off_amount_positive"
                    )
                ],
            },
        ),
        migrations.RunSQL(sql=GUARD, reverse_sql=UNGUARD),
    ]
