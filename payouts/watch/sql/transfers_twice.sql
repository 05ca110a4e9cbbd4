-- Transfers that a provider knows by one id. Returns subject, expected and found.
SELECT 'transfer ' || min(reference), 'an id of its own at the provider',
       provider || ' ' || provider_id || ' for ' || string_agg(reference, ', ' ORDER BY reference)
  FROM public.payouts_transfer
 WHERE provider_id <> ''
 GROUP BY provider, provider_id
HAVING count(*) > 1
 ORDER BY 1
