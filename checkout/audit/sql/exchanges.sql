-- Orders of exchanges whose credits do not go with their status, or differ from what sale journals took out of
-- `refunds_payable` for them; payments of which refunds and credits of their own order are more than was captured, and
-- credits of which more went on than they are; credits of another return; and returns that are exchanged for nothing.
-- Returns subject, expected and found.
WITH credited AS (
    SELECT order_id,
           coalesce(sum(amount_minor) FILTER (WHERE status = 'held'), 0) AS held,
           coalesce(sum(amount_minor) FILTER (WHERE status = 'used'), 0) AS used,
           coalesce(sum(amount_minor) FILTER (WHERE status = 'returned'), 0) AS returned
      FROM public.checkout_exchangecredit
     GROUP BY order_id
), booked AS (
    SELECT journal.source, sum(entry.amount_minor) AS amount
      FROM public.payouts_journal AS journal
      JOIN public.payouts_entry AS entry ON entry.journal_id = journal.id
      JOIN public.payouts_account AS account ON account.id = entry.account_id
     WHERE journal.kind = 'sale' AND account.code = 'refunds_payable' AND entry.amount_minor > 0
     GROUP BY journal.source
), paid AS (
    SELECT coalesce(payment.order_id, placed.id) AS order_id, sum(booked.amount) AS amount
      FROM booked
      LEFT JOIN public.checkout_payment AS payment ON payment.reference = booked.source
      LEFT JOIN public.checkout_order AS placed ON placed.number = booked.source
     GROUP BY 1
)
SELECT 'exchange ' || placed.number || ' (' || placed.status || ')',
       concat_ws(', ', placed.credit_minor || ' credited',
                 CASE WHEN placed.paid_at IS NOT NULL THEN placed.credit_minor || ' booked' ELSE '0 booked' END),
       concat_ws(', ', coalesce(credited.held, 0) || ' held', coalesce(credited.used, 0) || ' used',
                 coalesce(credited.returned, 0) || ' returned', coalesce(paid.amount, 0) || ' booked')
  FROM public.checkout_order AS placed
  LEFT JOIN credited ON credited.order_id = placed.id
  LEFT JOIN paid ON paid.order_id = placed.id
 WHERE (placed.exchange_of_id IS NOT NULL OR credited.order_id IS NOT NULL OR paid.order_id IS NOT NULL)
   AND ((coalesce(credited.held, 0), coalesce(credited.used, 0), coalesce(credited.returned, 0))
        <> CASE WHEN placed.paid_at IS NOT NULL THEN (0::numeric, placed.credit_minor::numeric, 0::numeric)
                WHEN placed.status = 'pending' THEN (placed.credit_minor::numeric, 0::numeric, 0::numeric)
                ELSE (0::numeric, 0::numeric, placed.credit_minor::numeric) END
        OR coalesce(paid.amount, 0) <> CASE WHEN placed.paid_at IS NOT NULL THEN placed.credit_minor ELSE 0 END)
 UNION ALL
SELECT 'payment ' || payment.reference, 'at most ' || payment.captured_minor || ' for its own order',
       refunded.total || ' refunded, ' || moved.total || ' credited'
  FROM public.checkout_payment AS payment
 CROSS JOIN LATERAL (SELECT coalesce(sum(refund.amount_minor), 0) AS total
                       FROM public.checkout_refund AS refund
                       LEFT JOIN public.checkout_suborder AS part ON part.id = refund.sub_order_id
                      WHERE refund.payment_id = payment.id
                        AND coalesce(part.order_id, payment.order_id) = payment.order_id) AS refunded
 CROSS JOIN LATERAL (SELECT coalesce(sum(credit.amount_minor), 0) AS total
                       FROM public.checkout_exchangecredit AS credit
                       JOIN public.checkout_reversal AS reversal ON reversal.id = credit.reversal_id
                       JOIN public.checkout_suborder AS part ON part.id = reversal.sub_order_id
                      WHERE credit.payment_id = payment.id AND credit.status <> 'returned'
                        AND part.order_id = payment.order_id) AS moved
 WHERE payment.id IN (SELECT payment_id FROM public.checkout_exchangecredit)
   AND refunded.total + moved.total > payment.captured_minor
 UNION ALL
SELECT 'credit ' || credit.id, 'at most ' || credit.amount_minor || ' of it goes on',
       refunded.total || ' refunded, ' || moved.total || ' credited'
  FROM public.checkout_exchangecredit AS credit
 CROSS JOIN LATERAL (SELECT coalesce(sum(refund.amount_minor), 0) AS total
                       FROM public.checkout_refund AS refund
                       JOIN public.checkout_suborder AS part ON part.id = refund.sub_order_id
                      WHERE refund.payment_id = credit.payment_id AND part.order_id = credit.order_id) AS refunded
 CROSS JOIN LATERAL (SELECT coalesce(sum(onward.amount_minor), 0) AS total
                       FROM public.checkout_exchangecredit AS onward
                       JOIN public.checkout_reversal AS reversal ON reversal.id = onward.reversal_id
                       JOIN public.checkout_suborder AS part ON part.id = reversal.sub_order_id
                      WHERE onward.payment_id = credit.payment_id AND onward.status <> 'returned'
                        AND part.order_id = credit.order_id) AS moved
 WHERE refunded.total + moved.total > CASE WHEN credit.status = 'used' THEN credit.amount_minor ELSE 0 END
 UNION ALL
SELECT 'credit ' || credit.id, 'a reversal of a return of the same shop',
       coalesce('return of shop ' || returned.shop_id, 'none')
  FROM public.checkout_exchangecredit AS credit
  JOIN public.checkout_order AS placed ON placed.id = credit.order_id
  LEFT JOIN public.checkout_return AS returned
    ON returned.reversal_id = credit.reversal_id AND returned.id = placed.exchange_of_id
 WHERE returned.id IS NULL
 UNION ALL
SELECT 'return ' || returned.id, 'an order that was sent instead', 'none'
  FROM public.checkout_return AS returned
  LEFT JOIN public.checkout_order AS placed ON placed.exchange_of_id = returned.id
 WHERE returned.status = 'exchanged'
   AND (placed.id IS NULL OR placed.paid_at IS NULL AND placed.status <> 'pending')
 ORDER BY 1
