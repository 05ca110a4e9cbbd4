-- Payouts that are not what their transfers say, and runs that are not what their payouts say.
-- Returns subject, expected and found.
WITH last AS (
    SELECT DISTINCT ON (payout_id) payout_id, place, state, amount_minor, currency
      FROM public.payouts_transfer ORDER BY payout_id, attempt DESC
), counted AS (
    SELECT payout_id, count(*) FILTER (WHERE place IN ('gone', 'late')) AS paid
      FROM public.payouts_transfer GROUP BY payout_id
)
SELECT 'payout ' || payout.id,
       payout.status || ' of ' || payout.amount_minor || ' ' || payout.currency,
       coalesce(last.place || ' (' || last.state || ') of ' || last.amount_minor || ' ' || last.currency, 'no transfer')
           || ', ' || coalesce(counted.paid, 0) || ' paid'
  FROM public.payouts_payout AS payout
  LEFT JOIN last ON last.payout_id = payout.id
  LEFT JOIN counted ON counted.payout_id = payout.id
 WHERE last.payout_id IS NULL
    OR (last.amount_minor, last.currency) IS DISTINCT FROM (payout.amount_minor, payout.currency)
    OR CASE
           WHEN payout.status IN ('prepared', 'held') THEN last.state <> 'prepared'
           WHEN payout.status = 'sending' THEN last.place <> 'set_aside' OR last.state = 'prepared'
           WHEN payout.status = 'paid' THEN counted.paid <> 1
           ELSE last.place <> 'back'
       END
 UNION ALL
SELECT 'payout run ' || run.id,
       run.payout_count || ' payouts of ' || run.total_minor || ' ' || run.currency,
       count(payout.id) || ' payouts of ' || coalesce(sum(payout.amount_minor), 0) || ' '
           || coalesce(string_agg(DISTINCT payout.currency, ', '), 'nothing')
  FROM public.payouts_payoutrun AS run
  LEFT JOIN public.payouts_payout AS payout ON payout.run_id = run.id
 GROUP BY run.id
HAVING (run.payout_count, run.total_minor) <> (count(payout.id), coalesce(sum(payout.amount_minor), 0))
    OR bool_or(payout.currency <> run.currency)
    OR run.status IN ('done', 'cancelled') AND bool_or(payout.status IN ('prepared', 'sending'))
 ORDER BY 1
