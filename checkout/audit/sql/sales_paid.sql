-- Sale journals that come from no captured payment and from no paid order with nothing to pay, or of which a return has
-- paid all.
-- Returns subject, expected and found.
SELECT 'journal ' || journal.id || ' (sale ' || journal.source || ')',
       'a captured payment',
       coalesce('a payment that is ' || payment.status, 'no payment')
  FROM public.payouts_journal AS journal
  LEFT JOIN public.checkout_payment AS payment ON payment.reference = journal.source
  LEFT JOIN public.checkout_order AS free
    ON free.number = journal.source AND free.total_minor = free.credit_minor AND free.paid_at IS NOT NULL
 WHERE journal.kind = 'sale' AND payment.captured_at IS NULL AND free.id IS NULL
 ORDER BY journal.id
