"""The database's own guards of rules of commission: no two for the same at one moment, and final once they are on."""

from django.db import migrations

# Without an extension there is no equality in GiST: a target is a range of one number, the hash of its ids.
TARGET = """hashtextextended(coalesce(shop_id::text, '') || '/' || coalesce(plan_id::text, '') || '/'
    || coalesce(category_id::text, '') || '/' || coalesce(product_id::text, '') || '/' || currency, 0)::numeric"""
TIES = f"""
ALTER TABLE public.payouts_commissionrule ADD CONSTRAINT commission_rule_no_ties
    EXCLUDE USING gist (numrange({TARGET}, {TARGET}, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&)
    WHERE (switched_on_at IS NOT NULL);
"""
NO_TIES = "ALTER TABLE public.payouts_commissionrule DROP CONSTRAINT commission_rule_no_ties;"

FINAL = """
CREATE FUNCTION public.commission_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of rule % is refused: it is on, or was; its end alone can be set.', TG_OP, OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'commission_rule_is_final';
END
$$;
CREATE TRIGGER commission_rule_is_final BEFORE UPDATE ON public.payouts_commissionrule
    FOR EACH ROW WHEN (OLD.switched_on_at IS NOT NULL AND
        (NEW.id, NEW.name, NEW.shop_id, NEW.plan_id, NEW.category_id, NEW.product_id, NEW.currency, NEW.percent_bps,
         NEW.fixed_minor, NEW.floor_minor, NEW.cap_minor, NEW.starts_at, NEW.switched_on_at)
        IS DISTINCT FROM
        (OLD.id, OLD.name, OLD.shop_id, OLD.plan_id, OLD.category_id, OLD.product_id, OLD.currency, OLD.percent_bps,
         OLD.fixed_minor, OLD.floor_minor, OLD.cap_minor, OLD.starts_at, OLD.switched_on_at))
    EXECUTE FUNCTION public.commission_refuse_change();
CREATE TRIGGER commission_rule_is_kept BEFORE DELETE ON public.payouts_commissionrule
    FOR EACH ROW WHEN (OLD.switched_on_at IS NOT NULL) EXECUTE FUNCTION public.commission_refuse_change();
"""
NOT_FINAL = """
DROP TRIGGER commission_rule_is_kept ON public.payouts_commissionrule;
DROP TRIGGER commission_rule_is_final ON public.payouts_commissionrule;
DROP FUNCTION public.commission_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("payouts", "0012_commission_rules")]

    operations = [
        migrations.RunSQL(sql=TIES, reverse_sql=NO_TIES),
        migrations.RunSQL(sql=FINAL, reverse_sql=NOT_FINAL),
    ]
