-- Currencies in which the refunds that are not out yet, with the money of returns that is kept for an exchange, differ
-- from what the ledger owes back to buyers.
-- Returns subject, expected and found.
WITH booked AS (
    SELECT entry.currency, -sum(entry.amount_minor) AS amount
      FROM public.payouts_entry AS entry
      JOIN public.payouts_account AS account ON account.id = entry.account_id
     WHERE account.code = 'refunds_payable'
     GROUP BY entry.currency
), waiting AS (
    SELECT currency, sum(amount_minor) AS amount
      FROM (SELECT currency, amount_minor - set_off_minor AS amount_minor
              FROM public.checkout_refund WHERE status <> 'processed'
             UNION ALL
            SELECT currency, amount_minor FROM public.checkout_exchangecredit WHERE status = 'held') AS owed
     GROUP BY currency
)
SELECT 'refunds payable in ' || coalesce(waiting.currency, booked.currency),
       coalesce(waiting.amount, 0)::text,
       coalesce(booked.amount, 0)::text
  FROM waiting
  FULL JOIN booked ON booked.currency = waiting.currency
 WHERE coalesce(waiting.amount, 0) <> coalesce(booked.amount, 0)
 ORDER BY 1
