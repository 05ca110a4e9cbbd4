-- Write down that shops are told of announced rules, and return those pairs that were not written before.
-- %(announced)s and %(shops)s are the pairs, an array of each; %(now)s is the moment.
-- Another process that writes one of them at this moment is waited for, so each pair is returned to one of both.
INSERT INTO public.payouts_toldshop (announced_id, shop_id, told_at)
SELECT announced_id, shop_id, %(now)s
  FROM unnest(%(announced)s::bigint[], %(shops)s::bigint[]) AS pair (announced_id, shop_id)
 ORDER BY shop_id, announced_id
    ON CONFLICT ON CONSTRAINT shop_told_once DO NOTHING
RETURNING announced_id, shop_id
