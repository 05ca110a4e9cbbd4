-- The sandbox's store, made where it is not there yet.
CREATE TABLE IF NOT EXISTS customers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE, code TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS transactions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL UNIQUE,
    access_code TEXT NOT NULL UNIQUE, customer_id INTEGER NOT NULL REFERENCES customers,
    requested_amount INTEGER NOT NULL CHECK (requested_amount > 0),
    amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('abandoned', 'failed', 'success', 'reversed')),
    gateway_response TEXT NOT NULL, channel TEXT NOT NULL, channels TEXT NOT NULL,
    callback_url TEXT NOT NULL, metadata TEXT NOT NULL, card TEXT, fees INTEGER,
    domain TEXT NOT NULL, ip_address TEXT NOT NULL, created_at REAL NOT NULL, paid_at REAL);
CREATE TABLE IF NOT EXISTS recipients (
    id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE, type TEXT NOT NULL,
    name TEXT NOT NULL, account_number TEXT NOT NULL, account_name TEXT NOT NULL,
    bank_code TEXT NOT NULL, bank_name TEXT NOT NULL, currency TEXT NOT NULL,
    description TEXT NOT NULL, metadata TEXT NOT NULL, created_at REAL NOT NULL,
    updated_at REAL NOT NULL, UNIQUE (currency, bank_code, account_number));
CREATE TABLE IF NOT EXISTS transfers (
    id INTEGER PRIMARY KEY AUTOINCREMENT, reference TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE, recipient_id INTEGER NOT NULL REFERENCES recipients,
    amount INTEGER NOT NULL CHECK (amount > 0), fee INTEGER NOT NULL CHECK (fee >= 0),
    currency TEXT NOT NULL, reason TEXT NOT NULL, status TEXT NOT NULL, outcome TEXT NOT NULL,
    created_at REAL NOT NULL, updated_at REAL NOT NULL, transferred_at REAL, due_at REAL);
CREATE TABLE IF NOT EXISTS refunds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    transaction_id INTEGER NOT NULL REFERENCES transactions,
    amount INTEGER NOT NULL CHECK (amount > 0), status TEXT NOT NULL, outcome TEXT NOT NULL,
    bank_reference TEXT, customer_note TEXT NOT NULL, merchant_note TEXT NOT NULL,
    created_at REAL NOT NULL, updated_at REAL NOT NULL, refunded_at REAL, due_at REAL);
CREATE TABLE IF NOT EXISTS disputes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    transaction_id INTEGER NOT NULL REFERENCES transactions,
    amount INTEGER NOT NULL CHECK (amount > 0), category TEXT NOT NULL, status TEXT NOT NULL,
    resolution TEXT, body TEXT NOT NULL, message TEXT NOT NULL DEFAULT '', outcome TEXT,
    evidence_id INTEGER, attachments TEXT, created_at REAL NOT NULL, updated_at REAL NOT NULL,
    answer_by REAL NOT NULL, remind_at REAL, resolved_at REAL, due_at REAL);
CREATE TABLE IF NOT EXISTS dispute_evidence (
    id INTEGER PRIMARY KEY AUTOINCREMENT, dispute_id INTEGER NOT NULL,
    customer_email TEXT NOT NULL, customer_name TEXT NOT NULL, customer_phone TEXT NOT NULL,
    service_details TEXT NOT NULL, delivery_address TEXT NOT NULL, delivery_date TEXT NOT NULL,
    created_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS dispute_files (
    id INTEGER PRIMARY KEY AUTOINCREMENT, dispute_id INTEGER NOT NULL, name TEXT NOT NULL UNIQUE,
    signature TEXT NOT NULL, size INTEGER, digest TEXT, media_type TEXT, created_at REAL NOT NULL);
-- Refunds that were lost disputes: what Paystack takes for one is a refund that names it.
CREATE TABLE IF NOT EXISTS refund_disputes (refund_id INTEGER PRIMARY KEY, dispute_id INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS settlements (
    id INTEGER PRIMARY KEY AUTOINCREMENT, currency TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0),
    status TEXT NOT NULL, created_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS balances (currency TEXT PRIMARY KEY, amount INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS balance_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, currency TEXT NOT NULL, difference INTEGER NOT NULL,
    balance INTEGER NOT NULL, reason TEXT NOT NULL, model TEXT NOT NULL, model_id INTEGER NOT NULL,
    created_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, reference TEXT NOT NULL,
    body BLOB NOT NULL, signature TEXT NOT NULL, url TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('waiting', 'held', 'delivered', 'dropped', 'given_up')),
    attempts INTEGER NOT NULL DEFAULT 0, last_answer TEXT NOT NULL DEFAULT '',
    created_at REAL NOT NULL, due_at REAL NOT NULL, delivered_at REAL);
CREATE TABLE IF NOT EXISTS faults (
    id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, options TEXT NOT NULL,
    remaining INTEGER, created_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (due_at)
    WHERE status IN ('waiting', 'held');
CREATE INDEX IF NOT EXISTS transfers_due ON transfers (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS refunds_due ON refunds (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS disputes_due ON disputes (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS refunds_by_transaction ON refunds (transaction_id);
