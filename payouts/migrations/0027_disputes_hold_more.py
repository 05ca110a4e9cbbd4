"""The database's own guards of disputes: what an undecided one holds may grow when another of its payment ends."""

from django.db import migrations, models

AMOUNTS = (
    *("amount_minor", "payable_minor", "commission_minor", "promotion_minor"),
    *("pending_minor", "available_minor", "reserved_minor", "owed_minor"),
)
FIXED = {
    "payouts_dispute": (
        *("id", "provider", "provider_id", "payment_id", "reference", "currency", "claimed_minor", "created_at"),
    ),
    "payouts_disputepart": ("id", "dispute_id", "sub_order_id", "shop_id"),
}
GROWING = {"payouts_dispute": ("amount_minor",), "payouts_disputepart": AMOUNTS}
FINAL = {"payouts_dispute": "OLD.lost_minor IS NOT NULL", "payouts_disputepart": "OLD.reversal_id IS NOT NULL"}
TRIGGER = """
CREATE OR REPLACE TRIGGER money_is_kept BEFORE UPDATE ON public.{table} FOR EACH ROW WHEN ({condition})
    EXECUTE FUNCTION public.money_refuse_change();
"""


def differs(names: tuple[str, ...]) -> str:
    """Return the condition that one of some columns would change."""
    new, old = (", ".join(f"{row}.{name}" for name in names) for row in ("NEW", "OLD"))
    return f"ROW({new}) IS DISTINCT FROM ROW({old})"


def guard(table: str) -> str:
    """Return the trigger that refuses another dispute or part, less than was held, and any change after the end."""
    less = " OR ".join(f"NEW.{name} < OLD.{name}" for name in GROWING[table])
    condition = f"{differs(FIXED[table])} OR {less} OR ({FINAL[table]} AND {differs(GROWING[table])})"
    return TRIGGER.format(table=table, condition=condition)


def guard_before(table: str) -> str:
    """Return the trigger of the migration before: no amount changes at all."""
    return TRIGGER.format(table=table, condition=differs((*FIXED[table], *GROWING[table])))


class Migration(migrations.Migration):
    dependencies = [("payouts", "0026_commission_announcements")]

    operations = [
        migrations.RunSQL(
            sql="".join(guard(table) for table in FIXED), reverse_sql="".join(guard_before(table) for table in FIXED)
        ),
        migrations.AlterField(
            "dispute", "amount_minor", models.BigIntegerField(help_text="Of this, what was left of the payment.")
        ),
    ]
