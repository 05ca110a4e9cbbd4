-- Captured payments without a sale journal of the same amount, fee and currency in their provider's clearing account.
-- Entries are summed before they meet their journals, which are then joined at once and not looked up one by one.
-- Returns subject, expected and found.
SELECT 'payment ' || payment.reference,
       payment.captured_minor || ' ' || payment.currency || ', fee ' || coalesce(payment.fees_minor, 0),
       CASE WHEN booked.source IS NULL THEN 'no sale journal'
            ELSE booked.captured || ' ' || booked.currency || ', fee ' || booked.fees
                 || CASE WHEN booked.clearing = 'clearing:' || payment.provider THEN ''
                         ELSE ', ' || booked.clearing END END
  FROM public.checkout_payment AS payment
  LEFT JOIN (SELECT journal.source, sums.currency, sums.captured, sums.fees, sums.clearing
               FROM public.payouts_journal AS journal
               JOIN (SELECT entry.journal_id,
                            min(entry.currency) AS currency,
                            sum(entry.amount_minor) AS captured,
                            coalesce(sum(entry.amount_minor) FILTER (WHERE account.code = 'psp_fees'), 0) AS fees,
                            min(account.code) FILTER (WHERE starts_with(account.code, 'clearing:')) AS clearing
                       FROM public.payouts_entry AS entry
                       JOIN public.payouts_account AS account ON account.id = entry.account_id
                      WHERE starts_with(account.code, 'clearing:') OR account.code = 'psp_fees'
                      GROUP BY entry.journal_id) AS sums
                 ON sums.journal_id = journal.id
              WHERE journal.kind = 'sale') AS booked
    ON booked.source = payment.reference
 WHERE payment.captured_at IS NOT NULL
   AND (booked.source IS NULL
        OR booked.captured <> payment.captured_minor
        OR booked.clearing <> 'clearing:' || payment.provider
        OR booked.fees <> coalesce(payment.fees_minor, 0)
        OR (booked.currency <> payment.currency AND payment.status = 'captured'))
 ORDER BY payment.id
