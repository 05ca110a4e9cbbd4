"""The database's own guards of payments and refunds: what was captured, given back and sold keeps its amounts."""

from django.db import migrations

GUARD = """
CREATE TRIGGER money_is_kept BEFORE UPDATE ON public.checkout_payment FOR EACH ROW
    WHEN (ROW(NEW.id, NEW.order_id, NEW.provider, NEW.reference, NEW.amount_minor, NEW.currency)
          IS DISTINCT FROM ROW(OLD.id, OLD.order_id, OLD.provider, OLD.reference, OLD.amount_minor, OLD.currency))
    EXECUTE FUNCTION public.money_refuse_change();
CREATE TRIGGER money_is_final BEFORE UPDATE ON public.checkout_payment FOR EACH ROW
    WHEN (OLD.captured_minor IS NOT NULL AND ROW(NEW.captured_minor, NEW.fees_minor)
          IS DISTINCT FROM ROW(OLD.captured_minor, OLD.fees_minor))
    EXECUTE FUNCTION public.money_refuse_change();
CREATE TRIGGER money_is_not_deleted BEFORE DELETE ON public.checkout_payment FOR EACH ROW
    WHEN (OLD.captured_minor IS NOT NULL) EXECUTE FUNCTION public.money_refuse_change();
CREATE TRIGGER money_is_kept BEFORE UPDATE ON public.checkout_refund FOR EACH ROW
    WHEN (ROW(NEW.id, NEW.payment_id, NEW.reversal_id, NEW.amount_minor, NEW.currency)
          IS DISTINCT FROM ROW(OLD.id, OLD.payment_id, OLD.reversal_id, OLD.amount_minor, OLD.currency))
    EXECUTE FUNCTION public.money_refuse_change();
CREATE TRIGGER money_is_not_deleted BEFORE DELETE OR TRUNCATE ON public.checkout_refund FOR EACH STATEMENT
    EXECUTE FUNCTION public.money_refuse_change();
CREATE TRIGGER money_is_kept BEFORE UPDATE ON public.checkout_reversal FOR EACH ROW
    WHEN (to_jsonb(NEW) - 'reason' IS DISTINCT FROM to_jsonb(OLD) - 'reason')
    EXECUTE FUNCTION public.money_refuse_change();
CREATE TRIGGER money_is_not_deleted BEFORE DELETE OR TRUNCATE ON public.checkout_reversal FOR EACH STATEMENT
    EXECUTE FUNCTION public.money_refuse_change();
CREATE TRIGGER money_is_kept BEFORE UPDATE ON public.checkout_exchangecredit FOR EACH ROW
    WHEN (to_jsonb(NEW) - 'status' IS DISTINCT FROM to_jsonb(OLD) - 'status')
    EXECUTE FUNCTION public.money_refuse_change();
CREATE TRIGGER money_is_not_deleted BEFORE DELETE OR TRUNCATE ON public.checkout_exchangecredit FOR EACH STATEMENT
    EXECUTE FUNCTION public.money_refuse_change();
CREATE TRIGGER money_is_final BEFORE UPDATE ON public.checkout_suborder FOR EACH ROW
    WHEN (OLD.status <> 'pending' AND
          ROW(NEW.id, NEW.order_id, NEW.shop_id, NEW.currency, NEW.total_minor, NEW.commission_minor, NEW.commission)
          IS DISTINCT FROM
          ROW(OLD.id, OLD.order_id, OLD.shop_id, OLD.currency, OLD.total_minor, OLD.commission_minor, OLD.commission))
    EXECUTE FUNCTION public.money_refuse_change();
"""
UNGUARD = """
DROP TRIGGER money_is_final ON public.checkout_suborder;
DROP TRIGGER money_is_not_deleted ON public.checkout_exchangecredit;
DROP TRIGGER money_is_kept ON public.checkout_exchangecredit;
DROP TRIGGER money_is_not_deleted ON public.checkout_reversal;
DROP TRIGGER money_is_kept ON public.checkout_reversal;
DROP TRIGGER money_is_not_deleted ON public.checkout_refund;
DROP TRIGGER money_is_kept ON public.checkout_refund;
DROP TRIGGER money_is_not_deleted ON public.checkout_payment;
DROP TRIGGER money_is_final ON public.checkout_payment;
DROP TRIGGER money_is_kept ON public.checkout_payment;
"""


class Migration(migrations.Migration):
    dependencies = [("checkout", "0049_parcel_numbers"), ("payouts", "0022_money_guards")]

    operations = [migrations.RunSQL(sql=GUARD, reverse_sql=UNGUARD)]
