"""The database's own guards of disputes: what was held, given up and lost keeps its amounts, and its rows."""

from django.db import migrations

PART = """NEW.id, NEW.dispute_id, NEW.sub_order_id, NEW.shop_id, NEW.amount_minor, NEW.payable_minor,
    NEW.commission_minor, NEW.promotion_minor, NEW.pending_minor, NEW.available_minor, NEW.reserved_minor, NEW.owed_minor"""
KEPT = {
    "payouts_dispute": """NEW.id, NEW.provider, NEW.provider_id, NEW.payment_id, NEW.reference, NEW.currency,
    NEW.claimed_minor, NEW.amount_minor, NEW.created_at""",
    "payouts_disputepart": PART,
    "payouts_disputeanswer": "NEW.id, NEW.dispute_id, NEW.is_accepted, NEW.amount_minor, NEW.created_at",
}
FINAL = {
    "payouts_dispute": ("OLD.lost_minor IS NOT NULL", "NEW.lost_minor, NEW.status"),
    "payouts_disputepart": ("OLD.reversal_id IS NOT NULL", "NEW.lost_minor, NEW.lost_payable_minor, NEW.reversal_id"),
}
REFUSED = "EXECUTE FUNCTION public.money_refuse_change();\n"


def differs(columns: str) -> str:
    """Return the condition that one of some columns would change."""
    return f"ROW({columns}) IS DISTINCT FROM ROW({columns.replace('NEW.', 'OLD.')})"


GUARD = "".join(
    f"CREATE TRIGGER money_is_kept BEFORE UPDATE ON public.{table} FOR EACH ROW WHEN ({differs(columns)}) {REFUSED}"
    f"CREATE TRIGGER money_is_not_deleted BEFORE DELETE OR TRUNCATE ON public.{table} FOR EACH STATEMENT {REFUSED}"
    for table, columns in KEPT.items()
) + "".join(
    f"CREATE TRIGGER money_is_final BEFORE UPDATE ON public.{table} FOR EACH ROW"
    f" WHEN ({condition} AND {differs(columns)}) {REFUSED}"
    for table, (condition, columns) in FINAL.items()
)
UNGUARD = "".join(
    f"DROP TRIGGER money_is_kept ON public.{table};\nDROP TRIGGER money_is_not_deleted ON public.{table};\n"
    for table in KEPT
) + "".join(f"DROP TRIGGER money_is_final ON public.{table};\n" for table in FINAL)


class Migration(migrations.Migration):
    dependencies = [("payouts", "0023_disputes")]

    operations = [migrations.RunSQL(sql=GUARD, reverse_sql=UNGUARD)]
