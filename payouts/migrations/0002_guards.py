"""The database's own guards of the ledger: journals balance, and what is written stays written."""

from django.db import migrations

# Names are qualified, because a migration runs on whatever search path the connection has.
# A journal is looked at when its transaction commits; entries also once for each statement that writes
# them, so that nothing can be added to a journal that was committed before. A deferred trigger for each
# entry would look at the same journal again and again, which took six times as long.
BALANCED = """
CREATE FUNCTION public.ledger_check_journal(checked_id bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    entries integer;
    foreign_entries integer;
    unbalanced text;
BEGIN
    SELECT count(*), count(*) FILTER (WHERE entry.currency <> account.currency)
      INTO entries, foreign_entries
      FROM public.payouts_entry AS entry
      JOIN public.payouts_account AS account ON account.id = entry.account_id
     WHERE entry.journal_id = checked_id;
    IF entries < 2 THEN
        RAISE EXCEPTION 'Journal % has % entries; it takes two to move money.', checked_id, entries
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_has_two_entries';
    END IF;
    IF foreign_entries > 0 THEN
        RAISE EXCEPTION 'Journal % has an entry in a currency that is not its account''s.', checked_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_currency_is_accounts';
    END IF;
    SELECT string_agg(sums.currency || ' ' || sums.total, ', ')
      INTO unbalanced
      FROM (SELECT currency, sum(amount_minor) AS total
              FROM public.payouts_entry
             WHERE journal_id = checked_id
             GROUP BY currency) AS sums
     WHERE sums.total <> 0;
    IF unbalanced IS NOT NULL THEN
        RAISE EXCEPTION 'Journal % does not sum to zero: %.', checked_id, unbalanced
            USING ERRCODE = 'check_violation', CONSTRAINT = 'journal_sums_to_zero';
    END IF;
END
$$;

CREATE FUNCTION public.ledger_journal_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.ledger_check_journal(NEW.id);
    RETURN NULL;
END
$$;

CREATE FUNCTION public.ledger_entries_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.ledger_check_journal(written.journal_id)
       FROM (SELECT DISTINCT journal_id FROM new_entries) AS written;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON public.payouts_journal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.ledger_journal_written();
CREATE TRIGGER entries_balance AFTER INSERT ON public.payouts_entry
    REFERENCING NEW TABLE AS new_entries
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_entries_written();
"""
UNBALANCED = """
DROP TRIGGER entries_balance ON public.payouts_entry;
DROP TRIGGER journal_balances ON public.payouts_journal;
DROP FUNCTION public.ledger_entries_written();
DROP FUNCTION public.ledger_journal_written();
DROP FUNCTION public.ledger_check_journal(bigint);
"""

APPEND_ONLY = """
CREATE FUNCTION public.ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is append-only: % of % is refused. Post a correcting journal instead.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_append_only';
END
$$;

CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.payouts_journal
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_refuse_change();
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.payouts_entry
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_refuse_change();
CREATE TRIGGER account_fixed BEFORE UPDATE ON public.payouts_account
    FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_refuse_change();
"""
CHANGEABLE = """
DROP TRIGGER account_fixed ON public.payouts_account;
DROP TRIGGER entry_append_only ON public.payouts_entry;
DROP TRIGGER journal_append_only ON public.payouts_journal;
DROP FUNCTION public.ledger_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("payouts", "0001_initial")]

    operations = [
        migrations.RunSQL(sql=BALANCED, reverse_sql=UNBALANCED),
        migrations.RunSQL(sql=APPEND_ONLY, reverse_sql=CHANGEABLE),
    ]
