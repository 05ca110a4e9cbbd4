-- The end of `movements`: balances before and after, by place, the sums of all lines by cause, and how many there are.
-- `paid` is what the payout of a payout's statement takes, by its own journal %(until_id)s.
SELECT coalesce(before.pending, 0), coalesce(before.available, 0), coalesce(before.reserved, 0),
       coalesce(before.in_transit, 0), coalesce(before.owed, 0),
       coalesce(after.pending, 0), coalesce(after.available, 0), coalesce(after.reserved, 0),
       coalesce(after.in_transit, 0), coalesce(after.owed, 0),
       of_lines.sale, of_lines.commission, of_lines.refund, of_lines.fee, of_lines.adjustment, of_lines.payout,
       of_lines.commission_tax,
       of_lines.paid, of_lines.lines
  FROM (SELECT sum(minor) FILTER (WHERE code = 'shop_pending') AS pending,
               sum(minor) FILTER (WHERE code = 'shop_available') AS available,
               sum(minor) FILTER (WHERE code = 'shop_reserved') AS reserved,
               sum(minor) FILTER (WHERE code = 'shop_in_transit') AS in_transit,
               sum(minor) FILTER (WHERE code = 'shop_receivable') AS owed
          FROM entry WHERE is_before) AS before,
       (SELECT sum(minor) FILTER (WHERE code = 'shop_pending') AS pending,
               sum(minor) FILTER (WHERE code = 'shop_available') AS available,
               sum(minor) FILTER (WHERE code = 'shop_reserved') AS reserved,
               sum(minor) FILTER (WHERE code = 'shop_in_transit') AS in_transit,
               sum(minor) FILTER (WHERE code = 'shop_receivable') AS owed
          FROM entry) AS after,
       (SELECT coalesce(sum(sale), 0) AS sale, coalesce(sum(commission), 0) AS commission,
               coalesce(sum(refund), 0) AS refund, coalesce(sum(fee), 0) AS fee,
               coalesce(sum(adjustment), 0) AS adjustment, coalesce(sum(payout), 0) AS payout,
               coalesce(sum(commission_tax), 0) AS commission_tax,
               coalesce(sum(payout) FILTER (WHERE journal_id = %(until_id)s), 0) AS paid, count(*) AS lines
          FROM line) AS of_lines
