-- Movements of the money of shop %(shop_id)s in %(currency)s: the beginning of `totals` and `lines`, which read `entry`
-- (all up to the end; `is_before` are those before the statement) and `line` (those of the statement). The statement
-- has the journals behind %(after_id)s up to %(until_id)s, posted from %(since)s until %(before)s; either may be empty.
-- A line is what one journal does for one sub-order, or for none: its causes, and the change that they sum to. With
-- %(is_payable)s it is about what is available less what is owed, as a payout's is, else about all of the shop's
-- money. In a payout's statement a release stands for all that was booked of its sub-order before; what is kept of it,
-- and what other places give, is an adjustment.
WITH account AS MATERIALIZED (
    SELECT id, code FROM public.payouts_account WHERE shop_id = %(shop_id)s AND currency = %(currency)s
), entry AS MATERIALIZED (
    SELECT entry.journal_id, entry.sub_order_id, account.code, journal.kind, -entry.amount_minor AS minor,
           journal.id <= %(after_id)s OR journal.posted_at < coalesce(%(since)s::timestamptz, '-infinity') AS is_before
      FROM account
      JOIN public.payouts_entry AS entry ON entry.account_id = account.id
      JOIN public.payouts_journal AS journal ON journal.id = entry.journal_id
     WHERE journal.id <= %(until_id)s AND journal.posted_at < coalesce(%(before)s::timestamptz, 'infinity')
), moved AS MATERIALIZED (
    SELECT journal_id, sub_order_id, min(kind) AS kind,
           coalesce(sum(minor) FILTER (WHERE code = 'shop_pending'), 0) AS pending,
           coalesce(sum(minor) FILTER (WHERE code = 'shop_available'), 0) AS available,
           coalesce(sum(minor) FILTER (WHERE code = 'shop_reserved'), 0) AS reserved,
           coalesce(sum(minor) FILTER (WHERE code = 'shop_in_transit'), 0) AS in_transit,
           coalesce(sum(minor) FILTER (WHERE code = 'shop_receivable'), 0) AS owed,
           sum(minor) AS total
      FROM entry
     WHERE NOT is_before
     GROUP BY journal_id, sub_order_id
), commission AS (
    SELECT entry.journal_id, entry.sub_order_id,
           -coalesce(sum(entry.amount_minor) FILTER (WHERE platform.code = 'commission'), 0) AS minor,
           -coalesce(sum(entry.amount_minor) FILTER (WHERE platform.code = 'commission_tax'), 0) AS tax
      FROM moved
      JOIN public.payouts_entry AS entry
        ON entry.journal_id = moved.journal_id AND entry.sub_order_id = moved.sub_order_id
      JOIN public.payouts_account AS platform
        ON platform.id = entry.account_id AND starts_with(platform.code, 'commission')
     WHERE moved.kind IN ('sale', 'reversal')
     GROUP BY entry.journal_id, entry.sub_order_id
), history AS (
    SELECT moved.journal_id, moved.sub_order_id,
           -sum(entry.amount_minor) FILTER (WHERE journal.kind = 'sale') AS sale,
           sum(entry.amount_minor) FILTER (WHERE known.code = 'commission') AS commission,
           sum(entry.amount_minor) FILTER (WHERE known.code = 'commission_tax') AS tax,
           -sum(entry.amount_minor) FILTER (WHERE journal.kind IN ('reversal', 'dispute', 'dispute_end')) AS refund
      FROM moved
      JOIN public.payouts_entry AS entry
        ON entry.sub_order_id = moved.sub_order_id AND entry.journal_id < moved.journal_id
      JOIN public.payouts_journal AS journal
        ON journal.id = entry.journal_id AND journal.kind IN ('sale', 'reversal', 'dispute', 'dispute_end')
      JOIN public.payouts_account AS known
        ON known.id = entry.account_id AND (starts_with(known.code, 'commission') OR known.shop_id = %(shop_id)s)
     WHERE %(is_payable)s AND moved.kind = 'release'
     GROUP BY moved.journal_id, moved.sub_order_id
), cause AS (
    SELECT moved.*,
           CASE WHEN %(is_payable)s THEN moved.available + moved.owed ELSE moved.total END AS change,
           coalesce(CASE moved.kind WHEN 'sale' THEN moved.total + coalesce(commission.minor + commission.tax, 0)
                                    WHEN 'release' THEN history.sale END, 0) AS sale,
           coalesce(CASE WHEN moved.kind IN ('sale', 'reversal') THEN -commission.minor
                         WHEN moved.kind = 'release' THEN history.commission END, 0) AS commission,
           coalesce(CASE WHEN moved.kind IN ('sale', 'reversal') THEN -commission.tax
                         WHEN moved.kind = 'release' THEN history.tax END, 0) AS commission_tax,
           coalesce(CASE moved.kind WHEN 'reversal' THEN moved.total + coalesce(commission.minor + commission.tax, 0)
                                    WHEN 'release' THEN history.refund END, 0) AS refund,
           CASE WHEN moved.kind = 'payout_cost'
                THEN CASE WHEN %(is_payable)s THEN moved.available + moved.owed ELSE moved.total END
                WHEN moved.kind = 'payout_back' OR moved.kind = 'payout_sent' AND moved.in_transit <> 0 THEN moved.owed
                ELSE 0 END AS fee,
           CASE WHEN moved.kind = 'payout' AND %(is_payable)s THEN moved.available + moved.owed
                WHEN moved.kind = 'payout_sent' AND moved.in_transit = 0 THEN moved.available + moved.owed
                WHEN moved.kind = 'payout_sent' AND NOT %(is_payable)s THEN moved.in_transit
                WHEN moved.kind = 'payout_back' AND %(is_payable)s THEN moved.available
                WHEN moved.kind = 'payout_back' THEN moved.in_transit + moved.available
                ELSE 0 END AS payout
      FROM moved
      LEFT JOIN commission
        ON commission.journal_id = moved.journal_id AND commission.sub_order_id = moved.sub_order_id
      LEFT JOIN history
        ON history.journal_id = moved.journal_id AND history.sub_order_id = moved.sub_order_id
), line AS (
    SELECT cause.*, change - sale - commission - commission_tax - refund - fee - payout AS adjustment
      FROM cause
     WHERE change <> 0
)
