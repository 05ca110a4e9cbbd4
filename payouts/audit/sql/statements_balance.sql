-- Shops whose statements, from the first line to the last, do not end in their balances; released orders whose line
-- does not add up, because more or less was released than sales and reversals before it had left; and payouts that
-- their own line does not take: the amount, and what was owed and kept back, by the journal of the first attempt.
-- Returns subject, expected and found.
WITH change AS (
    SELECT account.shop_id, account.currency, entry.sub_order_id, journal.id AS journal_id, journal.kind,
           -sum(entry.amount_minor) AS minor,
           coalesce(sum(entry.amount_minor) FILTER (WHERE account.code = 'shop_pending'), 0) AS released
      FROM public.payouts_account AS account
      JOIN public.payouts_entry AS entry ON entry.account_id = account.id
      JOIN public.payouts_journal AS journal ON journal.id = entry.journal_id
     WHERE account.shop_id IS NOT NULL
     GROUP BY account.shop_id, account.currency, entry.sub_order_id, journal.id, journal.kind
), statement AS (
    SELECT shop_id, currency, sum(minor) AS minor FROM change GROUP BY shop_id, currency
), balance AS (
    SELECT account.shop_id, account.currency, sum(balance.amount_minor) AS minor
      FROM public.payouts_balance AS balance
      JOIN public.payouts_account AS account ON account.id = balance.account_id
     GROUP BY account.shop_id, account.currency
), told AS (
    SELECT release.journal_id, release.sub_order_id, release.released, coalesce(sum(before.minor), 0) AS earned
      FROM change AS release
      LEFT JOIN change AS before
        ON before.sub_order_id = release.sub_order_id AND before.shop_id = release.shop_id
       AND before.journal_id < release.journal_id AND before.kind IN ('sale', 'reversal', 'dispute', 'dispute_end')
     WHERE release.kind = 'release'
     GROUP BY release.journal_id, release.sub_order_id, release.released
), taken AS (
    SELECT transfer.payout_id,
           coalesce(sum(-entry.amount_minor) FILTER (WHERE account.code = 'shop_in_transit'), 0) AS sent,
           coalesce(sum(-entry.amount_minor) FILTER (WHERE account.code = 'shop_receivable'), 0) AS kept,
           coalesce(sum(entry.amount_minor) FILTER (WHERE account.code = 'shop_available'), 0) AS given
      FROM public.payouts_transfer AS transfer
      JOIN public.payouts_journal AS journal
        ON journal.kind = 'payout' AND journal.source = transfer.reference || '.1'
      JOIN public.payouts_entry AS entry ON entry.journal_id = journal.id
      JOIN public.payouts_account AS account ON account.id = entry.account_id
     WHERE transfer.attempt = 1
     GROUP BY transfer.payout_id
)
SELECT 'statements of shop ' || balance.shop_id || ' in ' || balance.currency,
       coalesce(statement.minor, 0)::text, balance.minor::text
  FROM balance
  LEFT JOIN statement ON statement.shop_id = balance.shop_id AND statement.currency = balance.currency
 WHERE balance.minor <> coalesce(statement.minor, 0)
 UNION ALL
SELECT 'release of ' || coalesce(sub_order_id::text, '?') || ' by journal ' || journal_id,
       earned || ' earned before', released || ' released'
  FROM told
 WHERE earned <> released
 UNION ALL
SELECT 'payout ' || payout.id, payout.amount_minor || ' sent, ' || payout.netted_minor || ' kept back',
       coalesce(taken.sent || ' sent, ' || taken.kept || ' kept back, of ' || taken.given, 'no journal')
  FROM public.payouts_payout AS payout
  LEFT JOIN taken ON taken.payout_id = payout.id
 WHERE (payout.amount_minor, payout.netted_minor, payout.amount_minor + payout.netted_minor)
       IS DISTINCT FROM (taken.sent, taken.kept, taken.given)
 ORDER BY 1
