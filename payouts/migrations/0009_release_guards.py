"""The database's own guards of balances and releases: their signs, and what has ended stays as it ended."""

from django.db import migrations

# Fires where a balance falls below zero or rises above it, so a sale into a balance that is positive costs nothing.
SIGNS = """
CREATE FUNCTION public.ledger_check_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    account_code text;
BEGIN
    SELECT account.code INTO account_code FROM public.payouts_account AS account WHERE account.id = NEW.account_id;
    IF NEW.amount_minor < 0 AND account_code <> 'shop_receivable' THEN
        RAISE EXCEPTION 'Balance % (%) would be %; it is never below zero.', NEW.account_id, account_code,
            NEW.amount_minor
            USING ERRCODE = 'check_violation', CONSTRAINT = 'balance_not_negative';
    END IF;
    IF NEW.amount_minor > 0 AND account_code = 'shop_receivable' THEN
        RAISE EXCEPTION 'Balance % would be %; a shop owes nothing or more.', NEW.account_id, NEW.amount_minor
            USING ERRCODE = 'check_violation', CONSTRAINT = 'balance_owes_at_most_nothing';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER balance_opened BEFORE INSERT ON public.payouts_balance
    FOR EACH ROW WHEN (NEW.amount_minor <> 0) EXECUTE FUNCTION public.ledger_check_balance();
CREATE TRIGGER balance_moved BEFORE UPDATE ON public.payouts_balance
    FOR EACH ROW WHEN (NEW.amount_minor < 0 OR NEW.amount_minor > 0 AND OLD.amount_minor <= 0)
    EXECUTE FUNCTION public.ledger_check_balance();
"""
NO_SIGNS = """
DROP TRIGGER balance_moved ON public.payouts_balance;
DROP TRIGGER balance_opened ON public.payouts_balance;
DROP FUNCTION public.ledger_check_balance();
"""

FINAL = """
CREATE FUNCTION public.ledger_refuse_second_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: it has ended, and stays as it ended.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_ARGV[0];
END
$$;
CREATE TRIGGER release_is_final BEFORE UPDATE ON public.payouts_releaseschedule
    FOR EACH ROW WHEN (OLD.released_at IS NOT NULL AND NEW IS DISTINCT FROM OLD)
    EXECUTE FUNCTION public.ledger_refuse_second_end('release_is_final');
CREATE TRIGGER release_is_kept BEFORE DELETE ON public.payouts_releaseschedule
    FOR EACH ROW WHEN (OLD.released_at IS NOT NULL)
    EXECUTE FUNCTION public.ledger_refuse_second_end('release_is_final');
CREATE TRIGGER reserve_is_final BEFORE UPDATE ON public.payouts_reserve
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL AND NEW IS DISTINCT FROM OLD)
    EXECUTE FUNCTION public.ledger_refuse_second_end('reserve_is_final');
CREATE TRIGGER reserve_is_kept BEFORE DELETE ON public.payouts_reserve
    FOR EACH ROW EXECUTE FUNCTION public.ledger_refuse_second_end('reserve_is_final');
"""
NOT_FINAL = """
DROP TRIGGER reserve_is_kept ON public.payouts_reserve;
DROP TRIGGER reserve_is_final ON public.payouts_reserve;
DROP TRIGGER release_is_kept ON public.payouts_releaseschedule;
DROP TRIGGER release_is_final ON public.payouts_releaseschedule;
DROP FUNCTION public.ledger_refuse_second_end();
"""


class Migration(migrations.Migration):
    dependencies = [("payouts", "0008_release")]

    operations = [
        migrations.RunSQL(sql=SIGNS, reverse_sql=NO_SIGNS),
        migrations.RunSQL(sql=FINAL, reverse_sql=NOT_FINAL),
    ]
