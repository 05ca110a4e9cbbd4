-- Shops that have owed money without a break for long: since the first entry after their debt was last zero.
-- Returns the shop's id with the currency, expected and found.
-- %(before)s: the time before which the debt began.
WITH owing AS (
    SELECT account.id, account.shop_id, account.currency, balance.amount_minor
      FROM public.payouts_account AS account
      JOIN public.payouts_balance AS balance ON balance.account_id = account.id
     WHERE account.code = 'shop_receivable' AND balance.amount_minor < 0
), running AS (
    SELECT owing.id, entry.id AS entry_id, entry.journal_id,
           sum(entry.amount_minor) OVER (PARTITION BY owing.id ORDER BY entry.id) AS debt_minor
      FROM owing
      JOIN public.payouts_entry AS entry ON entry.account_id = owing.id
), began AS (
    SELECT running.id, min(journal.posted_at) AS since
      FROM running
      JOIN public.payouts_journal AS journal ON journal.id = running.journal_id
     WHERE running.entry_id > coalesce((SELECT max(paid.entry_id) FROM running AS paid
                                         WHERE paid.id = running.id AND paid.debt_minor <= 0), 0)
     GROUP BY running.id
)
SELECT owing.shop_id || ' ' || owing.currency, 'nothing owed',
       -owing.amount_minor || ' in minor units, since ' || to_char(began.since AT TIME ZONE 'UTC', 'YYYY-MM-DD')
  FROM owing
  JOIN began ON began.id = owing.id
 WHERE began.since < %(before)s
 ORDER BY owing.id
