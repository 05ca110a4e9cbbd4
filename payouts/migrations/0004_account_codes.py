"""Identify accounts by a code, so that each payment provider has its own clearing account.

`paystack_clearing` becomes `clearing:paystack`; all other codes are the kinds of before. The old column stays for
processes of the version before, which read and write `kind` alone while this one is rolled out: the database fills
whichever of the two an INSERT leaves out, and both are unique, so both versions post to one and the same account. A
later version drops the column, its constraints and the trigger (docs/ledger.md).
"""

from django.db import migrations, models

# Accounts never change; this once they get their code.
CODES = """
ALTER TABLE public.payouts_account ADD COLUMN code varchar(40), ALTER COLUMN kind TYPE varchar(40);
ALTER TABLE public.payouts_account DISABLE TRIGGER account_fixed;
UPDATE public.payouts_account
   SET code = CASE kind WHEN 'paystack_clearing' THEN 'clearing:paystack' ELSE kind END;
ALTER TABLE public.payouts_account ENABLE TRIGGER account_fixed;
ALTER TABLE public.payouts_account ALTER COLUMN code SET NOT NULL;

CREATE FUNCTION public.ledger_fill_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.code := coalesce(NEW.code, CASE NEW.kind WHEN 'paystack_clearing' THEN 'clearing:paystack' ELSE NEW.kind END);
    NEW.kind := coalesce(NEW.kind, CASE NEW.code WHEN 'clearing:paystack' THEN 'paystack_clearing' ELSE NEW.code END);
    RETURN NEW;
END
$$;
CREATE TRIGGER account_filled BEFORE INSERT ON public.payouts_account
    FOR EACH ROW EXECUTE FUNCTION public.ledger_fill_account();
"""
KINDS = """
DROP TRIGGER account_filled ON public.payouts_account;
DROP FUNCTION public.ledger_fill_account();
ALTER TABLE public.payouts_account DROP COLUMN code;
"""
SHOP_FITS = models.Q(
    models.Q(("shop__isnull", False), ("code__startswith", "shop_")),
    models.Q(("shop__isnull", True), models.Q(("code__startswith", "shop_"), _negated=True)),
    _connector="OR",
)


class Migration(migrations.Migration):
    dependencies = [("payouts", "0003_bankaccount")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveConstraint("account", "account_once"),
                migrations.RemoveConstraint("account", "account_shop_where_due"),
                migrations.RemoveField("account", "kind"),
                migrations.AddField("account", "code", models.CharField(max_length=40)),
            ],
            database_operations=[migrations.RunSQL(sql=CODES, reverse_sql=KINDS)],
        ),
        migrations.AddConstraint(
            "account",
            models.UniqueConstraint(
                fields=("code", "shop", "currency"), name="account_code_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint("account", models.CheckConstraint(condition=SHOP_FITS, name="account_shop_fits_code")),
    ]
