-- Payments, and refunds, that a provider knows by one id. Returns subject, expected and found.
SELECT 'payment ' || min(reference), 'an id of its own at the provider',
       provider || ' ' || provider_id || ' for ' || string_agg(reference, ', ' ORDER BY reference)
  FROM public.checkout_payment
 WHERE provider_id <> ''
 GROUP BY provider, provider_id
HAVING count(*) > 1
 UNION ALL
SELECT 'refund ' || min(refund.id::text), 'an id of its own at the provider',
       payment.provider || ' ' || refund.provider_id || ' for ' || string_agg(refund.id::text, ', ' ORDER BY refund.id)
  FROM public.checkout_refund AS refund
  JOIN public.checkout_payment AS payment ON payment.id = refund.payment_id
 WHERE refund.provider_id <> ''
 GROUP BY payment.provider, refund.provider_id
HAVING count(*) > 1
 ORDER BY 1
