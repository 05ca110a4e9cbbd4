-- Refunds of which another amount was set off than lost disputes have paid of them, and what disputes have paid of no
-- refund of their payment. Returns subject, expected and found.
WITH paid AS (
    SELECT setoff.refund_id, dispute.payment_id, sum(setoff.amount_minor) AS amount
      FROM public.payouts_disputesetoff AS setoff
      JOIN public.payouts_dispute AS dispute ON dispute.id = setoff.dispute_id
     WHERE setoff.undone_at IS NULL
     GROUP BY setoff.refund_id, dispute.payment_id
), refund AS (
    SELECT id, payment_id, set_off_minor FROM public.checkout_refund WHERE set_off_minor > 0
)
SELECT 'refund ' || coalesce(refund.id, paid.refund_id),
       coalesce(paid.amount::text, 'nothing') || ' paid by disputes',
       coalesce(refund.set_off_minor::text, 'nothing') || ' set off'
  FROM refund
  FULL JOIN paid ON paid.refund_id = refund.id AND paid.payment_id = refund.payment_id
 WHERE refund.set_off_minor IS DISTINCT FROM paid.amount
 ORDER BY 1
