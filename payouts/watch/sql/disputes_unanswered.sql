-- Open disputes without an answer whose time to answer is over, or nearly. Returns subject, expected and found.
-- %(before)s: the time before which it ends.
SELECT 'dispute ' || dispute.id || ' of order ' || dispute.order_number, 'an answer',
       'none, until ' || to_char(dispute.answer_by AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC'
  FROM public.payouts_dispute AS dispute
 WHERE dispute.status = 'open' AND dispute.answer_by < %(before)s
   AND NOT EXISTS (SELECT FROM public.payouts_disputeanswer AS answer
                    WHERE answer.dispute_id = dispute.id AND answer.state IN ('asked', 'taken'))
 ORDER BY dispute.answer_by, dispute.id
