"""Statements that leave what each check of the watch alone looks for, in the market of `tests.world.books`."""

from tests.payouts.audit_breaks import A_RUN, A_TRANSFER, SCHEDULE

A_DIFFERENCE = (
    "INSERT INTO payouts_difference (id, provider, kind, cause, reference, provider_id, currency, theirs_minor,"
    " happened_at, first_seen_at, last_seen_at, note) VALUES (gen_random_uuid(), 'paystack', 'refund', 'not_booked',"
    " '', '301', 'NGN', 5, '2026-02-01', '2026-02-01', '2026-03-02', '')"
)
A_DISPUTE = (
    "INSERT INTO payouts_dispute (id, provider, provider_id, payment_id, reference, order_number, currency,"
    " claimed_minor, amount_minor, category, claim, status, status_at, resolution, opened_at, answer_by, problem,"
    " steps, created_at, attempts, last_error) VALUES (gen_random_uuid(), 'paystack', '7', gen_random_uuid(), 'ks-1',"
    " 'KS-1', 'NGN', 5, 5, '', '', 'open', '2026-03-02', '', '2026-03-02', '2026-03-02T11:00Z', '', '[]', now(), 0, '')"
)
AN_EVENT = (
    "INSERT INTO webhooks_inboundevent (provider, digest, kind, reference, body, status, outcome, deliveries,"
    " received_at, retry_at, attempts, last_error) VALUES"
    " ('paystack', 'ab', 'charge.success', 'ks-1', '', '{status}', '', 1, '2026-03-01', '2026-03-01', 0, '')"
)
# Each is found by its check, and nothing of it is there in the market as it was made.
BREAKS: list[tuple[str, tuple[str, ...]]] = [
    ("payments_open_long", ("UPDATE checkout_payment SET created_at = '2026-02-20' WHERE status = 'open'",)),
    (
        "payments_astray",
        (
            "UPDATE checkout_payment SET captured_at = '2026-03-01' WHERE status = 'captured'",
            "UPDATE checkout_order SET status = 'expired', paid_at = NULL WHERE status = 'paid'",
        ),
    ),
    ("payments_twice", ("UPDATE checkout_payment SET provider_id = '77'",)),
    (
        "payments_twice",
        (
            "UPDATE checkout_refund SET provider_id = '77'",
            (
                "INSERT INTO checkout_refund SELECT (jsonb_populate_record(row, jsonb_build_object('id',"
                " gen_random_uuid()))).* FROM checkout_refund AS row"
            ),
        ),
    ),
    ("refunds_stuck", ("UPDATE checkout_refund SET status = 'sent', sent_at = '2026-02-01'",)),
    ("refunds_stuck", ("UPDATE checkout_refund SET status = 'requested', created_at = '2026-02-20'",)),
    ("refunds_stuck", ("UPDATE checkout_refund SET status = 'needs_attention', created_at = '2026-02-20'",)),
    ("orders_overdue", ("UPDATE checkout_order SET expires_at = '2026-03-02' WHERE status = 'pending'",)),
    (
        "transfers_stuck",
        (
            A_TRANSFER,
            "UPDATE payouts_transfer SET state = 'pending', recipient = 'RCP_1', asked_at = '2026-02-20'",
        ),
    ),
    (
        "transfers_twice",
        (
            A_TRANSFER,
            "UPDATE payouts_transfer SET provider_id = '88'",
            (
                "INSERT INTO payouts_transfer SELECT (jsonb_populate_record(row, jsonb_build_object('id', id + 1,"
                " 'attempt', 2, 'reference', 'po-2', 'place', 'back', 'state', 'cancelled'))).*"
                " FROM payouts_transfer AS row"
            ),
        ),
    ),
    ("runs_stuck", (A_RUN, "UPDATE payouts_payoutrun SET created_at = '2026-02-20'")),
    (
        "releases_overdue",
        (f"{SCHEDULE}, '2026-02-01', 7, '2026-02-08', 0, NULL, NULL FROM checkout_suborder WHERE status = 'new'",),
    ),
    (
        "receivables_old",
        (
            "UPDATE payouts_journal SET posted_at = '2026-01-01'",
            (
                "INSERT INTO payouts_entry (journal_id, account_id, currency, amount_minor) SELECT (SELECT min(id)"
                " FROM payouts_journal), id, currency, 5 FROM payouts_account WHERE code = 'shop_receivable'"
            ),
            (
                "INSERT INTO payouts_balance (account_id, amount_minor) SELECT id, -5 FROM payouts_account"
                " WHERE code = 'shop_receivable' ON CONFLICT (account_id) DO UPDATE SET amount_minor = -5"
            ),
        ),
    ),
    ("differences_old", (A_DIFFERENCE,)),
    ("disputes_unanswered", (A_DISPUTE,)),
    ("inbox_stuck", (AN_EVENT.format(status="failed"),)),
    ("inbox_stuck", (AN_EVENT.format(status="received"),)),
    (
        "events_stuck",
        (
            (
                "INSERT INTO kit_outboxmessage (topic, payload, created_at, attempts, last_error)"
                " VALUES ('order.paid', '{}', '2026-03-01', 9, 'no such order')"
            ),
        ),
    ),
]
