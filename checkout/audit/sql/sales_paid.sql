-- Sale journals that come from no captured payment.
-- Returns subject, expected and found.
SELECT 'journal ' || journal.id || ' (sale ' || journal.source || ')',
       'a captured payment',
       coalesce('a payment that is ' || payment.status, 'no payment')
  FROM public.payouts_journal AS journal
  LEFT JOIN public.checkout_payment AS payment ON payment.reference = journal.source
 WHERE journal.kind = 'sale' AND payment.captured_at IS NULL
 ORDER BY journal.id
