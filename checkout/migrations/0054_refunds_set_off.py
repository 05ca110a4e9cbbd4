"""Refunds that a buyer's bank has paid, in whole or in part; the amount grows, or is undone with the provider's payment."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

KEPT = "id, payment_id, reversal_id, amount_minor, currency"
SHRINKS = "NEW.set_off_minor < OLD.set_off_minor AND NOT (OLD.status = 'set_off' AND NEW.status = 'processed')"
TRIGGER = """
CREATE OR REPLACE TRIGGER money_is_kept BEFORE UPDATE ON public.checkout_refund FOR EACH ROW WHEN ({condition})
    EXECUTE FUNCTION public.money_refuse_change();
"""


def guard(more: str = "") -> str:
    """Return the trigger that refuses another refund, and what else is named."""
    new, old = (", ".join(f"{row}.{name}" for name in KEPT.split(", ")) for row in ("NEW", "OLD"))
    return TRIGGER.format(condition=f"ROW({new}) IS DISTINCT FROM ROW({old}){more}")


class Migration(migrations.Migration):
    dependencies = [("checkout", "0053_validate_commission_tax"), ("payouts", "0028_set_offs")]

    operations = [
        migrations.AlterField(
            model_name="refund",
            name="status",
            field=models.CharField(
                choices=[
                    ("requested", "Requested"),
                    ("sent", "With the provider"),
                    ("processed", "Processed"),
                    ("needs_attention", "Needs attention"),
                    ("failed", "Failed"),
                    ("set_off", "Paid by the buyer’s bank"),
                ],
                default="requested",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="set_off_minor",
            field=models.BigIntegerField(
                db_default=0,
                default=0,
                help_text="Of it, what the buyer's bank has paid with a lost dispute; never sent.",
            ),
        ),
        AddConstraintNotValid(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(("set_off_minor", models.F("amount_minor")), ("status", "set_off"))
                | models.Q(
                    models.Q(("status", "set_off"), _negated=True),
                    ("set_off_minor__gte", 0),
                    ("set_off_minor__lt", models.F("amount_minor")),
                ),
                name="refund_set_off_within",
            ),
        ),
        migrations.RunSQL(sql=guard(f" OR ({SHRINKS})"), reverse_sql=guard()),
    ]
