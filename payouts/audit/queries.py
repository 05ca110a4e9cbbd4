"""The audit's checks of the public tables: one statement each, returning what is off.

Every statement yields subject, expected and found. They only read, and they read tables of several
apps on purpose: an audit that asked the services would believe them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """A named statement over the public tables."""

    name: str
    title: str
    statement: str


JOURNALS_BALANCE = Check(
    "journals_balance",
    "Every journal sums to zero and has two entries or more",
    """
    SELECT 'journal ' || journal.id || ' (' || journal.kind || ' ' || journal.source || ')',
           'a sum of 0 over two entries or more',
           coalesce(string_agg(sums.total || ' ' || sums.currency, ', '), 'nothing')
               || ' over ' || coalesce(sum(sums.entries), 0) || ' entries'
      FROM public.payouts_journal AS journal
      LEFT JOIN (SELECT journal_id, currency, sum(amount_minor) AS total, count(*) AS entries
                   FROM public.payouts_entry
                  GROUP BY journal_id, currency) AS sums
        ON sums.journal_id = journal.id
     GROUP BY journal.id
    HAVING bool_or(sums.total <> 0) OR coalesce(sum(sums.entries), 0) < 2
     ORDER BY journal.id
    """,
)

ENTRY_CURRENCIES = Check(
    "entry_currencies",
    "Every entry is in its account's currency",
    """
    SELECT 'entry ' || entry.id || ' of journal ' || entry.journal_id, account.currency, entry.currency
      FROM public.payouts_entry AS entry
      JOIN public.payouts_account AS account ON account.id = entry.account_id
     WHERE entry.currency <> account.currency
     ORDER BY entry.id
    """,
)

BALANCES = Check(
    "balances",
    "Every shop's balance equals its entries",
    """
    SELECT account.kind || ' of ' || shop.slug || ' (account ' || account.id || ')',
           (-coalesce(sums.total, 0))::text,
           coalesce(balance.amount_minor::text, 'no balance row')
      FROM public.payouts_account AS account
      JOIN public.tenants_shop AS shop ON shop.id = account.shop_id
      LEFT JOIN public.payouts_balance AS balance ON balance.account_id = account.id
      LEFT JOIN (SELECT account_id, sum(amount_minor) AS total
                   FROM public.payouts_entry
                  GROUP BY account_id) AS sums
        ON sums.account_id = account.id
     WHERE balance.amount_minor IS DISTINCT FROM -coalesce(sums.total, 0)
     ORDER BY account.id
    """,
)

# Entries are summed before they meet their journals, which are then joined at once and not looked up one by one.
PAYMENTS_BOOKED = Check(
    "payments_booked",
    "Every captured payment is booked, with its amount and fee",
    """
    SELECT 'payment ' || payment.reference,
           payment.captured_minor || ' ' || payment.currency || ', fee ' || coalesce(payment.fees_minor, 0),
           CASE WHEN booked.source IS NULL THEN 'no sale journal'
                ELSE booked.captured || ' ' || booked.currency || ', fee ' || booked.fees END
      FROM public.checkout_payment AS payment
      LEFT JOIN (SELECT journal.source, sums.currency, sums.captured, sums.fees
                   FROM public.payouts_journal AS journal
                   JOIN (SELECT entry.journal_id,
                                min(entry.currency) AS currency,
                                sum(entry.amount_minor) AS captured,
                                coalesce(sum(entry.amount_minor) FILTER (WHERE account.kind = 'psp_fees'), 0) AS fees
                           FROM public.payouts_entry AS entry
                           JOIN public.payouts_account AS account ON account.id = entry.account_id
                          WHERE account.kind IN ('paystack_clearing', 'psp_fees')
                          GROUP BY entry.journal_id) AS sums
                     ON sums.journal_id = journal.id
                  WHERE journal.kind = 'sale') AS booked
        ON booked.source = payment.reference
     WHERE payment.captured_at IS NOT NULL
       AND (booked.source IS NULL
            OR booked.captured <> payment.captured_minor
            OR booked.fees <> coalesce(payment.fees_minor, 0)
            OR (booked.currency <> payment.currency AND payment.status = 'captured'))
     ORDER BY payment.id
    """,
)

SALES_PAID = Check(
    "sales_paid",
    "Every sale journal comes from a captured payment",
    """
    SELECT 'journal ' || journal.id || ' (sale ' || journal.source || ')',
           'a captured payment',
           coalesce('a payment that is ' || payment.status, 'no payment')
      FROM public.payouts_journal AS journal
      LEFT JOIN public.checkout_payment AS payment ON payment.reference = journal.source
     WHERE journal.kind = 'sale' AND payment.captured_at IS NULL
     ORDER BY journal.id
    """,
)

REFUNDS_BOOKED = Check(
    "refunds_booked",
    "Processed refunds and refund journals are the same, with the same amounts",
    """
    WITH booked AS (
        SELECT journal.source, sum(entry.amount_minor) AS amount
          FROM public.payouts_journal AS journal
          JOIN public.payouts_entry AS entry ON entry.journal_id = journal.id
          JOIN public.payouts_account AS account ON account.id = entry.account_id
         WHERE journal.kind = 'refund' AND account.kind = 'refunds_payable'
         GROUP BY journal.source
    ), processed AS (
        SELECT id::text AS source, amount_minor AS amount FROM public.checkout_refund WHERE status = 'processed'
    )
    SELECT 'refund ' || coalesce(processed.source, booked.source),
           coalesce(processed.amount::text, 'no processed refund'),
           coalesce(booked.amount::text, 'no refund journal')
      FROM processed
      FULL JOIN booked ON booked.source = processed.source
     WHERE processed.amount IS DISTINCT FROM booked.amount
     ORDER BY 1
    """,
)

REFUNDS_OWED = Check(
    "refunds_owed",
    "What is owed back to buyers equals the refunds that are not out yet",
    """
    WITH booked AS (
        SELECT entry.currency, -sum(entry.amount_minor) AS amount
          FROM public.payouts_entry AS entry
          JOIN public.payouts_account AS account ON account.id = entry.account_id
         WHERE account.kind = 'refunds_payable'
         GROUP BY entry.currency
    ), waiting AS (
        SELECT currency, sum(amount_minor) AS amount
          FROM public.checkout_refund
         WHERE status <> 'processed'
         GROUP BY currency
    )
    SELECT 'refunds payable in ' || coalesce(waiting.currency, booked.currency),
           coalesce(waiting.amount, 0)::text,
           coalesce(booked.amount, 0)::text
      FROM waiting
      FULL JOIN booked ON booked.currency = waiting.currency
     WHERE coalesce(waiting.amount, 0) <> coalesce(booked.amount, 0)
     ORDER BY 1
    """,
)

SHARES = Check(
    "shares",
    "Each paid sub-order owes its shop its total less the commission",
    """
    WITH booked AS (
        SELECT entry.sub_order_id,
               -coalesce(sum(entry.amount_minor) FILTER (WHERE account.shop_id = sub_order.shop_id), 0) AS payable,
               -coalesce(sum(entry.amount_minor) FILTER (WHERE account.kind = 'commission'), 0) AS commission
          FROM public.payouts_entry AS entry
          JOIN public.payouts_account AS account ON account.id = entry.account_id
          LEFT JOIN public.checkout_suborder AS sub_order ON sub_order.id = entry.sub_order_id
         WHERE entry.sub_order_id IS NOT NULL
         GROUP BY entry.sub_order_id
    ), due AS (
        SELECT id, number,
               CASE WHEN status IN ('new', 'packed', 'shipped', 'delivered')
                    THEN total_minor - commission_minor ELSE 0 END AS payable,
               CASE WHEN status IN ('new', 'packed', 'shipped', 'delivered')
                    THEN commission_minor ELSE 0 END AS commission
          FROM public.checkout_suborder
    )
    SELECT 'sub-order ' || coalesce(due.number, booked.sub_order_id::text),
           coalesce(due.payable, 0) || ' to the shop, ' || coalesce(due.commission, 0) || ' commission',
           coalesce(booked.payable, 0) || ' to the shop, ' || coalesce(booked.commission, 0) || ' commission'
      FROM due
      FULL JOIN booked ON booked.sub_order_id = due.id
     WHERE coalesce(due.payable, 0) <> coalesce(booked.payable, 0)
        OR coalesce(due.commission, 0) <> coalesce(booked.commission, 0)
        OR due.id IS NULL
     ORDER BY 1
    """,
)

ORDERS_ADD_UP = Check(
    "orders_add_up",
    "The sub-orders of an order sum to it",
    """
    SELECT 'order ' || placed.number,
           placed.items_minor || ' items, ' || placed.shipping_minor || ' shipping, in ' || placed.currency,
           coalesce(sum(part.items_minor), 0) || ' items, ' || coalesce(sum(part.shipping_minor), 0)
               || ' shipping, in ' || coalesce(string_agg(DISTINCT part.currency, ' and '), 'nothing')
      FROM public.checkout_order AS placed
      LEFT JOIN public.checkout_suborder AS part ON part.order_id = placed.id
     GROUP BY placed.id
    HAVING placed.items_minor <> coalesce(sum(part.items_minor), 0)
        OR placed.shipping_minor <> coalesce(sum(part.shipping_minor), 0)
        OR string_agg(DISTINCT part.currency, ' and ') IS DISTINCT FROM placed.currency
     ORDER BY placed.id
    """,
)

ORDERS_PAID = Check(
    "orders_paid",
    "Every paid order has a captured payment of its total",
    """
    SELECT 'order ' || placed.number || ' (' || placed.status || ')',
           placed.total_minor || ' captured',
           coalesce(sum(payment.captured_minor), 0) || ' captured'
      FROM public.checkout_order AS placed
      LEFT JOIN public.checkout_payment AS payment
        ON payment.order_id = placed.id AND payment.status = 'captured' AND payment.currency = placed.currency
     WHERE placed.status IN ('paid', 'completed')
     GROUP BY placed.id
    HAVING coalesce(sum(payment.captured_minor), 0) < placed.total_minor
     ORDER BY placed.id
    """,
)

CHECKS = (
    JOURNALS_BALANCE,
    ENTRY_CURRENCIES,
    BALANCES,
    PAYMENTS_BOOKED,
    SALES_PAID,
    REFUNDS_BOOKED,
    REFUNDS_OWED,
    SHARES,
    ORDERS_ADD_UP,
    ORDERS_PAID,
)
