-- Payments that their provider has told of, for which nothing is booked and which no operator has dealt with.
SELECT 'payment ' || payment.reference || ' of order ' || orders.number,
       'booked, or dealt with by an operator',
       payment.amount_minor || ' ' || payment.currency || ' asked for; ' || payment.note
  FROM public.checkout_payment AS payment
  JOIN public.checkout_order AS orders ON orders.id = payment.order_id
 WHERE payment.status = 'mismatched' AND payment.captured_minor IS NULL AND payment.dealt_with_at IS NULL
 ORDER BY payment.created_at, payment.id
