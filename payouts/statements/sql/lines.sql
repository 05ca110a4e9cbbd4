-- The end of `movements`: %(limit)s lines at the most behind the first %(offset)s, in the order in which they were
-- booked, each with its journal, the payout that it is of, and the sum of the changes up to it.
SELECT shown.journal_id, shown.sub_order_id, shown.kind, journal.source, journal.description, journal.posted_at,
       CASE shown.kind WHEN 'payout_cost' THEN split_part(journal.source, '.', 1)::uuid ELSE transfer.payout_id END,
       shown.sale, shown.commission, shown.refund, shown.fee, shown.adjustment, shown.payout, shown.commission_tax,
       shown.change,
       shown.running, shown.pending, shown.available, shown.reserved, shown.in_transit, shown.owed
  FROM (SELECT line.*, sum(change) OVER (ORDER BY journal_id, sub_order_id NULLS FIRST) AS running FROM line) AS shown
  JOIN public.payouts_journal AS journal ON journal.id = shown.journal_id
  LEFT JOIN public.payouts_transfer AS transfer
    ON shown.kind IN ('payout', 'payout_sent', 'payout_back')
   AND transfer.reference = split_part(journal.source, '.', 1)
 ORDER BY shown.journal_id, shown.sub_order_id NULLS FIRST
 LIMIT %(limit)s OFFSET %(offset)s
