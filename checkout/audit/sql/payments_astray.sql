-- Captured payments whose order was never paid, and of which less was refunded than was captured.
-- Returns subject, expected and found.
-- %(before)s: the time before which they were captured.
SELECT 'payment ' || payment.reference || ' of order ' || placed.number,
       'an order that is paid, or refunds of ' || payment.captured_minor || ' ' || payment.currency,
       'an order that is ' || placed.status || ', refunds of ' || coalesce(sum(refund.amount_minor), 0)
  FROM public.checkout_payment AS payment
  JOIN public.checkout_order AS placed ON placed.id = payment.order_id
  LEFT JOIN public.checkout_refund AS refund ON refund.payment_id = payment.id
 WHERE payment.captured_at < %(before)s AND placed.paid_at IS NULL
 GROUP BY payment.id, placed.id
HAVING coalesce(sum(refund.amount_minor), 0) < payment.captured_minor
 ORDER BY payment.created_at, payment.id
