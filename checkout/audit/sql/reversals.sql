-- Sub-orders whose figures of what was taken back are not those of their reversals, and reversals whose refunds, with
-- what has paid for an exchange, are not their amount, or that no journal has booked. What was
-- lost with a dispute is none of our refunds, and is booked with the dispute.
-- Returns subject, expected and found.
WITH taken AS (
    SELECT sub_order_id, sum(total_minor + goodwill_minor) AS total, sum(goodwill_minor) AS goodwill,
           sum(commission_minor) AS commission, sum(commission_tax_minor) AS tax,
           sum(platform_discount_minor) AS promotion
      FROM public.checkout_reversal
     GROUP BY sub_order_id
), refunded AS (
    SELECT reversal_id, sum(amount_minor) AS total
      FROM (SELECT reversal_id, amount_minor FROM public.checkout_refund WHERE reversal_id IS NOT NULL
             UNION ALL
            SELECT reversal_id, amount_minor FROM public.checkout_exchangecredit WHERE status <> 'returned'
             UNION ALL
            SELECT reversal_id, lost_minor FROM public.payouts_disputepart WHERE reversal_id IS NOT NULL) AS moved
     GROUP BY reversal_id
)
SELECT 'sub-order ' || part.number,
       concat_ws(', ', coalesce(taken.total, 0) || ' taken back', coalesce(taken.commission, 0) || ' commission',
                 coalesce(taken.tax, 0) || ' tax on it',
                 coalesce(taken.promotion, 0) || ' by the platform', coalesce(taken.goodwill, 0) || ' goodwill'),
       concat_ws(', ', part.refunded_minor || ' taken back', part.reversed_commission_minor || ' commission',
                 part.reversed_commission_tax_minor || ' tax on it',
                 part.reversed_platform_discount_minor || ' by the platform', part.goodwill_minor || ' goodwill')
  FROM public.checkout_suborder AS part
  LEFT JOIN taken ON taken.sub_order_id = part.id
 WHERE (part.refunded_minor, part.reversed_commission_minor, part.reversed_commission_tax_minor,
        part.reversed_platform_discount_minor, part.goodwill_minor)
       <> (coalesce(taken.total, 0), coalesce(taken.commission, 0), coalesce(taken.tax, 0),
           coalesce(taken.promotion, 0), coalesce(taken.goodwill, 0))
 UNION ALL
SELECT 'reversal ' || reversal.id, reversal.total_minor + reversal.goodwill_minor || ' refunded, and booked',
       coalesce(refunded.total, 0) || ' refunded, ' || CASE WHEN journal.id IS NULL THEN 'not booked' ELSE 'booked' END
  FROM public.checkout_reversal AS reversal
  LEFT JOIN refunded ON refunded.reversal_id = reversal.id
  LEFT JOIN public.payouts_disputepart AS disputed ON disputed.reversal_id = reversal.id
  LEFT JOIN public.payouts_journal AS journal
    ON journal.kind = CASE WHEN reversal.kind = 'dispute' THEN 'dispute_end' ELSE 'reversal' END
   AND journal.source = CASE WHEN reversal.kind = 'dispute' THEN disputed.dispute_id ELSE reversal.id END::text
 WHERE coalesce(refunded.total, 0) <> reversal.total_minor + reversal.goodwill_minor
    OR (journal.id IS NULL
        AND reversal.total_minor + reversal.goodwill_minor + reversal.commission_minor
            + reversal.commission_tax_minor + reversal.platform_discount_minor > 0)
 ORDER BY 1
