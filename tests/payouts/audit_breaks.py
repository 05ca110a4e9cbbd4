"""Statements that break what each check of the audit proves, in the market of `tests.world.books`."""

RESERVED = "SELECT id FROM payouts_account WHERE code = 'shop_reserved'"
RECEIVABLE = "SELECT id FROM payouts_account WHERE code = 'shop_receivable'"
SCHEDULE = (
    "INSERT INTO payouts_releaseschedule (sub_order_id, shop_id, number, currency, delivered_at, hold_days, due_at,"
    " open_holds, released_at, journal_id) SELECT id, shop_id, number, currency"
)
RESERVE = (
    "INSERT INTO payouts_reserve (schedule_id, shop_id, currency, amount_minor, taken_minor, due_at, ended_at,"
    " journal_id) SELECT id, shop_id, currency"
)
PARCEL = (
    '[{"number": 1, "carrier": "GIG", "tracking_number": "", "tracking_url": "", "lines": {},'
    ' "shipped_at": "2026-03-02T09:30:00+00:00", "delivered_at": null}]'
)
A_RUN = (
    "INSERT INTO payouts_payoutrun (id, provider, currency, status, payout_count, total_minor, limit_minor, problem,"
    " created_at) SELECT gen_random_uuid(), 'paystack', 'NGN', 'sending', 1, 9, 9, '', now() RETURNING id"
)
A_PAYOUT = (
    f"WITH run AS ({A_RUN}) INSERT INTO payouts_payout (id, run_id, shop_id, currency, amount_minor, netted_minor,"
    " bank_account_id, status, status_at, problem, note, hold_reason, created_at)"
    " SELECT gen_random_uuid(), run.id, (SELECT min(id) FROM tenants_shop), 'NGN', 9, 0, 1, 'prepared', now(), '', '',"
    " '', now() FROM run"
)
A_DISPUTE = (
    "INSERT INTO payouts_dispute (id, provider, provider_id, payment_id, reference, order_number, currency,"
    " claimed_minor, amount_minor, status, status_at, opened_at, steps, created_at, category, claim, resolution,"
    " problem) SELECT gen_random_uuid(), 'paystack', '7', id, reference, 'KS-1', 'NGN', 9, 9, 'open', now(), now(),"
    " '[]', now(), '', '', '', '' FROM checkout_payment WHERE captured_at IS NOT NULL RETURNING id"
)
A_DISPUTED_PART = (
    f"WITH dispute AS ({A_DISPUTE}) INSERT INTO payouts_disputepart (dispute_id, sub_order_id, shop_id, number,"
    " amount_minor, payable_minor, commission_minor, promotion_minor, pending_minor, available_minor, reserved_minor,"
    " owed_minor) SELECT dispute.id, part.id, part.shop_id, part.number, 9, 9, 0, 0, 9, 0, 0, 0"
    " FROM dispute, checkout_suborder AS part WHERE part.status = 'new' LIMIT 1"
)
SET_OFF = (
    f"WITH dispute AS ({A_DISPUTE}) INSERT INTO payouts_disputesetoff (id, dispute_id, refund_id, amount_minor,"
    " created_at) SELECT gen_random_uuid(), id, gen_random_uuid(), 9, now() FROM dispute"
)
A_TRANSFER = (
    A_PAYOUT.replace(") INSERT", "), payout AS (INSERT", 1) + " RETURNING id) INSERT INTO payouts_transfer"
    " (payout_id, attempt, provider, reference, amount_minor, currency, recipient, state, place, moves, provider_id,"
    " message, created_at) SELECT id, 1, 'paystack', 'po-1', 9, 'NGN', '', 'prepared', 'set_aside', 1, '', '', now()"
    " FROM payout"
)
BREAKS = [
    ("journals_balance", "UPDATE payouts_entry SET amount_minor = amount_minor + 1 WHERE amount_minor > 0"),
    ("journals_balance", "DELETE FROM payouts_entry"),
    ("entry_currencies", "UPDATE payouts_entry SET currency = 'GHS'"),
    ("balances", "UPDATE payouts_balance SET amount_minor = amount_minor + 1"),
    ("transfers_booked", "UPDATE payouts_journal SET kind = 'payout' WHERE kind = 'sale'"),
    ("transfers_booked", A_TRANSFER),
    ("payouts_transferred", A_PAYOUT),
    ("payouts_transferred", A_RUN),
    ("statements_balance", "UPDATE payouts_balance SET amount_minor = amount_minor + 1"),
    ("statements_balance", "UPDATE payouts_journal SET kind = 'release' WHERE kind = 'sale'"),
    ("statements_balance", A_PAYOUT),
    ("payout_costs", "UPDATE payouts_journal SET kind = 'payout_cost' WHERE kind = 'sale'"),
    ("payout_costs", A_PAYOUT.replace("netted_minor,", "netted_minor, cost_minor,").replace("9, 0, 1", "9, 0, 5, 1")),
    ("balances_signed", "UPDATE payouts_balance SET amount_minor = -amount_minor"),
    ("balances_signed", f"UPDATE payouts_balance SET amount_minor = 1 WHERE account_id IN ({RECEIVABLE})"),
    ("commission_rules", "INSERT INTO tenants_marketterms (id, commission_version) VALUES (1, 7)"),
    (
        "commission_rules",
        (
            "INSERT INTO payouts_commissionruleset (id, version, compiled_at, content)"
            """ VALUES (1, 0, now(), '{"rules": [], "plans": [[1, ""]]}')"""
        ),
    ),
    (
        "commission_lines",
        """UPDATE checkout_suborder SET commission = '{"lines": [{"amount_minor": 1}]}' WHERE commission_minor <> 1""",
    ),
    ("releases_scheduled", "UPDATE checkout_suborder SET status = 'delivered' WHERE status = 'new'"),
    ("releases_scheduled", f"{SCHEDULE}, now(), 7, now(), 0, NULL, NULL FROM checkout_suborder WHERE status = 'new'"),
    ("releases_booked", f"{SCHEDULE}, now(), 7, now(), 0, now(), NULL FROM checkout_suborder WHERE status = 'new'"),
    (
        "releases_booked",
        (
            f"{SCHEDULE}, now(), 7, now(), 0, now(), (SELECT max(id) FROM payouts_journal)"
            " FROM checkout_suborder WHERE status = 'new'"
        ),
    ),
    ("releases_booked", "UPDATE payouts_journal SET kind = 'release' WHERE kind = 'sale'"),
    ("holds_counted", f"{SCHEDULE}, NULL::timestamptz, NULL::int, NULL, 1, NULL, NULL FROM checkout_suborder"),
    (
        "releases_held",
        (
            "INSERT INTO payouts_releasehold (schedule_id, reason, source, note, opened_at)"
            " SELECT id, 'return', 'return:' || id, '', now() FROM checkout_suborder WHERE status = 'new'"
        ),
    ),
    (
        "releases_held",
        (
            "INSERT INTO checkout_return (id, sub_order_id, shop_id, status, status_at, lines, reason, note,"
            " instructions, steps, requested_at) SELECT gen_random_uuid(), id, shop_id, 'asked', now(), '{}', '', '',"
            " '', '[]', now()"
            " FROM checkout_suborder WHERE status = 'new'"
        ),
    ),
    ("reserves_kept", f"{RESERVE}, 5, 0, now(), NULL, NULL FROM checkout_suborder WHERE status = 'new'"),
    (
        "reserves_kept",
        f"UPDATE payouts_balance SET amount_minor = 5 WHERE account_id IN ({RESERVED})",
    ),
    ("balances", "DELETE FROM payouts_balance"),
    ("payments_booked", "UPDATE checkout_payment SET captured_minor = captured_minor - 1 WHERE status = 'captured'"),
    ("payments_booked", "UPDATE checkout_payment SET fees_minor = fees_minor + 1 WHERE status = 'captured'"),
    ("payments_booked", "UPDATE checkout_payment SET provider = 'pebble' WHERE status = 'captured'"),
    ("payments_booked", "UPDATE payouts_journal SET source = 'ks-somewhere-else' WHERE kind = 'sale'"),
    ("payments_unbooked", "UPDATE checkout_payment SET status = 'mismatched' WHERE captured_minor IS NULL"),
    ("sales_paid", "UPDATE payouts_journal SET source = 'ks-nobody-paid-this' WHERE kind = 'sale'"),
    ("sales_paid", "UPDATE checkout_payment SET status = 'failed', captured_at = NULL WHERE status = 'captured'"),
    ("refunds_booked", "UPDATE checkout_refund SET status = 'sent'"),
    ("refunds_booked", "UPDATE checkout_refund SET amount_minor = amount_minor + 1"),
    ("refunds_booked", "UPDATE payouts_journal SET source = gen_random_uuid()::text WHERE kind = 'refund'"),
    ("refunds_owed", "UPDATE checkout_refund SET status = 'sent'"),
    ("refunds_set_off", "UPDATE checkout_refund SET set_off_minor = 1"),
    ("refunds_set_off", SET_OFF),
    ("shares", "UPDATE checkout_suborder SET commission_minor = commission_minor + 1 WHERE status = 'new'"),
    ("shares", "UPDATE checkout_suborder SET status = 'unfulfillable' WHERE status = 'new'"),
    ("shares", "UPDATE checkout_suborder SET status = 'new' WHERE status = 'pending'"),
    ("shares", "UPDATE checkout_suborder SET id = gen_random_uuid()"),
    (
        "orders_add_up",
        "UPDATE checkout_suborder SET items_minor = items_minor + 1, total_minor = total_minor + 1",
    ),
    ("orders_add_up", "UPDATE checkout_suborder SET currency = 'GHS'"),
    ("orders_add_up", "UPDATE checkout_order SET discount_minor = 1, total_minor = total_minor - 1"),
    ("orders_add_up", "UPDATE checkout_suborder SET tax_minor = 1, prices_include_tax = TRUE"),
    ("orders_add_up", "UPDATE checkout_suborder SET tax_minor = 1, total_minor = total_minor + 1"),
    ("orders_add_up", "UPDATE checkout_order SET prices_include_tax = TRUE"),
    ("shares", "UPDATE checkout_suborder SET discount_minor = 1, total_minor = total_minor - 1"),
    (
        "shares",
        "UPDATE checkout_suborder SET platform_discount_minor = 1, discount_minor = 1, total_minor = total_minor - 1",
    ),
    (
        "coupons_counted",
        (
            "INSERT INTO checkout_coupon (id, code, kind, percent_bps, currency, minimum_minor, is_first_order,"
            " is_public, is_paused, products, categories, shops, used, created_at) VALUES (gen_random_uuid(), 'TEN',"
            " 'percent', 1000, '', 0, FALSE, FALSE, FALSE, '[]', '[]', '[]', 1, now())"
        ),
    ),
    ("reversals", "UPDATE checkout_suborder SET refunded_minor = 1 WHERE status = 'new'"),
    ("reversals", "UPDATE checkout_suborder SET reversed_commission_minor = 1 WHERE status = 'new'"),
    ("reversals", "UPDATE checkout_suborder SET commission_tax_minor = 1, reversed_commission_tax_minor = 1"),
    ("shares", "UPDATE checkout_suborder SET commission_tax_minor = 1 WHERE status = 'new'"),
    ("commission_lines", "UPDATE checkout_suborder SET commission_tax_minor = 1"),
    ("reversals", "UPDATE checkout_suborder SET refunded_minor = 1, goodwill_minor = 1 WHERE status = 'new'"),
    (
        "reversals",
        (
            "INSERT INTO checkout_reversal (id, sub_order_id, kind, lines, currency, items_minor, shipping_minor,"
            " total_minor, commission_minor, platform_discount_minor, reversed_by, reason, created_at)"
            " SELECT gen_random_uuid(), id, 'cancellation', '{}', 'NGN', 1, 0, 1, 0, 0, 'buyer', '', now()"
            " FROM checkout_suborder WHERE status = 'new'"
        ),
    ),
    (
        "returns",
        (
            "INSERT INTO checkout_reversal (id, sub_order_id, kind, lines, currency, items_minor, shipping_minor,"
            " total_minor, commission_minor, platform_discount_minor, reversed_by, reason, created_at)"
            " SELECT gen_random_uuid(), id, 'return', '{}', 'NGN', 0, 0, 0, 0, 0, 'shop', '', now()"
            " FROM checkout_suborder WHERE status = 'new'"
        ),
    ),
    (
        "exchanges",
        (
            "INSERT INTO checkout_exchangecredit (id, payment_id, order_id, reversal_id, amount_minor, currency,"
            " status, created_at) SELECT gen_random_uuid(), id, order_id, gen_random_uuid(), 1, 'NGN', 'used', now()"
            " FROM checkout_payment WHERE status = 'captured'"
        ),
    ),
    (
        "exchanges",
        "UPDATE checkout_order SET credit_minor = 1, exchange_of_id = gen_random_uuid() WHERE status = 'pending'",
    ),
    ("orders_paid", "UPDATE checkout_payment SET status = 'mismatched' WHERE status = 'captured'"),
    ("orders_paid", "UPDATE checkout_order SET status = 'paid', paid_at = now() WHERE status = 'pending'"),
    ("stock_reserved", "UPDATE shop_indigo_fabrics.catalogue_stocklevel SET reserved = reserved + 1"),
    ("stock_reserved", "UPDATE shop_copper_kitchen.fulfilment_vendororder SET stock_state = 'released'"),
    ("stock_reserved", "DELETE FROM shop_copper_kitchen.catalogue_stocklevel"),
    ("vendor_orders", "UPDATE shop_copper_kitchen.fulfilment_vendororder SET status = 'shipped'"),
    ("vendor_orders", "DELETE FROM shop_copper_kitchen.fulfilment_vendororder"),
    (
        "vendor_orders",
        "UPDATE shop_copper_kitchen.fulfilment_vendororder SET tax_minor = 1, prices_include_tax = TRUE",
    ),
    (
        "vendor_order_lines",
        "UPDATE shop_copper_kitchen.fulfilment_vendororderline SET quantity = 3, total_minor = 3 * unit_price_minor",
    ),
    ("parcels", f"UPDATE checkout_suborder SET parcels = '{PARCEL}' WHERE status = 'new'"),
    ("parcels", "UPDATE checkout_suborder SET status = 'shipped' WHERE status = 'new'"),
    (
        "parcels",
        (
            "INSERT INTO shop_copper_kitchen.fulfilment_shipment (vendor_order_id, carrier, tracking_number,"
            " shipped_at) SELECT id, 'GIG', '1', now() FROM shop_copper_kitchen.fulfilment_vendororder"
            " WHERE status = 'new'"
        ),
    ),
    ("sent_units", "UPDATE shop_copper_kitchen.fulfilment_vendororderline SET sent_quantity = 1"),
    ("shop_terms", "UPDATE tenants_shop SET terms_version = 7"),
    ("shop_terms", "INSERT INTO checkout_shopterms (shop_id, version) SELECT id, 7 FROM tenants_shop"),
    (
        "shop_zones",
        "INSERT INTO shop_copper_kitchen.fulfilment_deliveryzone VALUES (gen_random_uuid(), 0, '', 'NG', '[]', '[]')",
    ),
    (
        "terms_sources",
        """INSERT INTO checkout_automaticoffer (id, shop_id, name, kind, percent_bps, buys, gives, created_at)
           SELECT gen_random_uuid(), id, 'Sale', 'buy_get', 100, 2, 1, now() FROM tenants_shop""",
    ),
    (
        "terms_sources",
        "INSERT INTO shop_copper_kitchen.fulfilment_taxregistration VALUES (1, 'NG', '12345678-0001', false)",
    ),
    ("disputes_held", A_DISPUTE),
    (
        "disputes_held",
        (
            "WITH account AS (INSERT INTO payouts_account (kind, code, currency)"
            " VALUES ('dispute_reserve', 'dispute_reserve', 'NGN') RETURNING id) UPDATE payouts_entry"
            " SET account_id = account.id FROM account WHERE amount_minor = (SELECT max(amount_minor)"
            " FROM payouts_entry)"
        ),
    ),
    ("disputes_hold", A_DISPUTED_PART),
    (
        "disputes_hold",
        (
            f"WITH schedule AS ({SCHEDULE}, NULL, NULL, NULL, 1, NULL, NULL FROM checkout_suborder"
            " WHERE status = 'new' LIMIT 1 RETURNING sub_order_id) INSERT INTO payouts_releasehold (schedule_id,"
            " reason, source, note, opened_at) SELECT sub_order_id, 'dispute', 'dispute:7', '', now() FROM schedule"
        ),
    ),
    ("set_offs_booked", SET_OFF),
    ("schemas", "ALTER SCHEMA shop_copper_kitchen RENAME TO shop_elsewhere"),
]
