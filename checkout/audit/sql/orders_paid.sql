-- Paid orders of which less was captured than their total without what a return has paid of it.
-- Returns subject, expected and found.
SELECT 'order ' || placed.number || ' (' || placed.status || ')',
       placed.total_minor - placed.credit_minor || ' captured',
       coalesce(sum(payment.captured_minor), 0) || ' captured'
  FROM public.checkout_order AS placed
  LEFT JOIN public.checkout_payment AS payment
    ON payment.order_id = placed.id AND payment.status = 'captured' AND payment.currency = placed.currency
 WHERE placed.status IN ('paid', 'completed')
 GROUP BY placed.id
HAVING coalesce(sum(payment.captured_minor), 0) < placed.total_minor - placed.credit_minor
 ORDER BY placed.id
