"""The database's own guards of payouts: what was decided, sent and recorded keeps its amounts, and its rows."""

from django.db import migrations

# Each table with the columns that stay as they were written, and what else holds once something is true of the row.
# A state may change, an amount may not: a mistake is corrected by another row.
KEPT = {
    "payouts_payout": (
        "id",
        "run_id",
        "shop_id",
        "currency",
        "amount_minor",
        "netted_minor",
        "cost_minor",
        "created_at",
    ),
    "payouts_transfer": (
        *("id", "payout_id", "attempt", "provider", "reference", "amount_minor", "currency", "created_at"),
    ),
    "payouts_payoutrun": ("id", "provider", "currency", "limit_minor", "created_by_id", "created_at"),
    "payouts_handpayment": (
        *("id", "payout_id", "transfer_id", "currency", "amount_minor", "reference", "paid_on", "reason", "file"),
        *("limit_minor", "day_minor", "recorded_by_id", "recorded_at"),
    ),
    "payouts_difference": ("id", "provider", "kind", "cause", "reference", "provider_id", "currency", "first_seen_at"),
    "payouts_bankaccount": ("id", "shop_id", "currency", "bank_code", "number", "created_at"),
    "payouts_balance": ("account_id",),
}
ONCE = (
    ("payouts_transfer", "OLD.state <> 'prepared' AND NEW.state <> 'prepared'", ("recipient",)),
    ("payouts_transfer", "OLD.place IN ('gone', 'late') AND NEW.place = OLD.place", ("fees_minor", "is_fee_owed")),
    ("payouts_payoutrun", "OLD.status <> 'waiting'", ("payout_count", "total_minor", "day_minor")),
    ("payouts_payoutrun", "OLD.approved_by_id IS NOT NULL", ("approved_by_id", "approved_at")),
    ("payouts_handpayment", "OLD.status <> 'waiting'", ("status", "decided_by_id", "decided_at")),
    ("payouts_difference", "OLD.ended_at IS NOT NULL", ("ended_at", "ended_by_id", "note")),
)
REFUSE = """
CREATE FUNCTION public.money_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: what is written of money stays. Correct it by another row.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'money_is_kept';
END
$$;
"""


def changed(columns: tuple[str, ...]) -> str:
    """Return the condition that one of some columns would change."""
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return f"ROW({new}) IS DISTINCT FROM ROW({old})"


def triggers() -> dict[str, str]:
    """Return the triggers' statements by name and table."""
    made: dict[str, str] = {}
    for table, columns in KEPT.items():
        made[f"money_is_kept ON public.{table}"] = (
            f"BEFORE UPDATE ON public.{table} FOR EACH ROW WHEN ({changed(columns)})"
        )
        made[f"money_is_not_deleted ON public.{table}"] = (
            f"BEFORE DELETE OR TRUNCATE ON public.{table} FOR EACH STATEMENT"
        )
    for number, (table, condition, columns) in enumerate(ONCE):
        made[f"money_is_final_{number} ON public.{table}"] = (
            f"BEFORE UPDATE ON public.{table} FOR EACH ROW WHEN (({condition}) AND {changed(columns)})"
        )
    made["account_is_not_deleted ON public.payouts_account"] = (
        "BEFORE DELETE OR TRUNCATE ON public.payouts_account FOR EACH STATEMENT"
    )
    return made


GUARD = REFUSE + "".join(
    f"CREATE TRIGGER {name.partition(' ')[0]} {when} EXECUTE FUNCTION public.money_refuse_change();\n"
    for name, when in triggers().items()
)
UNGUARD = "".join(f"DROP TRIGGER {name};\n" for name in triggers()) + "DROP FUNCTION public.money_refuse_change();"


class Migration(migrations.Migration):
    dependencies = [("payouts", "0021_watch")]

    operations = [migrations.RunSQL(sql=GUARD, reverse_sql=UNGUARD)]
