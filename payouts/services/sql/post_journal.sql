-- Post a journal with its entries and the shops' balances that they move, or nothing: where an account is not there
-- yet, or where the journal has been posted before. A rival that posts the same one is waited for.
-- $1 kind and $2 source make it unique, $3 description, $4 when it occurred, $5 currency, $6 the legs, $7 now.
-- Balances are locked in the order of their accounts once the journal is ours; they say what is owed to the shop, so a
-- credit (a negative entry) raises them. Shops' accounts and the platform's are looked up apart, so that both are found
-- by the index. The answer is the journal's id, if it was posted, and how many legs have an account.
WITH wanted AS (
    SELECT * FROM jsonb_to_recordset($6::jsonb)
        AS w(position int, code text, shop_id bigint, amount_minor bigint, sub_order_id uuid)
), leg AS (
    SELECT w.*, a.id AS account_id
      FROM wanted w
      JOIN public.payouts_account a ON a.code = w.code AND a.shop_id = w.shop_id AND a.currency = $5
      JOIN public.payouts_balance b ON b.account_id = a.id
     UNION ALL
    SELECT w.*, a.id
      FROM wanted w
      JOIN public.payouts_account a ON a.code = w.code AND a.shop_id IS NULL AND a.currency = $5
     WHERE w.shop_id IS NULL
), journal AS (
    INSERT INTO public.payouts_journal (kind, source, description, occurred_at, posted_at)
    SELECT $1, $2, $3, $4::timestamptz, $7::timestamptz
     WHERE (SELECT count(*) FROM leg) = (SELECT count(*) FROM wanted)
        ON CONFLICT (kind, source) DO NOTHING
    RETURNING id
), entry AS (
    INSERT INTO public.payouts_entry (journal_id, account_id, currency, amount_minor, sub_order_id)
    SELECT journal.id, leg.account_id, $5, leg.amount_minor, leg.sub_order_id
      FROM journal, leg ORDER BY leg.position
), moved AS (
    SELECT account_id, sum(amount_minor) AS amount_minor FROM leg WHERE shop_id IS NOT NULL GROUP BY account_id
), locked AS (
    SELECT account_id FROM public.payouts_balance
     WHERE account_id IN (SELECT account_id FROM moved) AND EXISTS (SELECT FROM journal)
     ORDER BY account_id
       FOR UPDATE
), written AS (
    UPDATE public.payouts_balance b SET amount_minor = b.amount_minor - moved.amount_minor
      FROM locked JOIN moved USING (account_id)
     WHERE b.account_id = locked.account_id
)
SELECT (SELECT id FROM journal), (SELECT count(*) FROM leg)
