"""Examples of orders, payments, refunds, people and shops in the operators' API."""

from typing import Any

from checkout.api import examples as bought

SHARE: dict[str, Any] = {
    "commission_bps": 800,
    "commission_minor": 296_000,
    "reversed_commission_minor": 0,
    "commission_tax_minor": 0,
    "reversed_commission_tax_minor": 0,
    "payable_minor": 3_554_000,
    "status_at": "2025-11-20T13:06:10.000Z",
    "send_by_on": "2025-11-20",
    "arrive_by_on": "2025-11-24",
}
[_BOUGHT] = bought.ORDER["sub_orders"]
_OF_THE_BUYER = {"pickup_code", "unread_messages"}
_PART = {name: value for name, value in _BOUGHT.items() if name not in _OF_THE_BUYER}
_DETAILS = (
    *("adjustments", "delivery", "tax", "lines", "shipping_address", "tracking", "shipments", "delivered_by", "times"),
    "allowed_moves",
)
PAYMENT: dict[str, Any] = {
    **bought.PAYMENT,
    "order_number": bought.NUMBER,
    "fees_minor": 67_750,
    "provider_id": "4099260516",
    "note": "",
    "checked_at": "2025-11-20T13:06:10.000Z",
    "dealt_with_at": None,
}
REFUND: dict[str, Any] = {
    **bought.REFUND,
    "order_number": bought.NUMBER,
    "payment_reference": bought.PAYMENT["reference"],
    "provider_id": "3018284",
    "note": "",
    "sent_at": "2025-11-20T13:06:40.000Z",
    "checked_at": "2025-11-21T08:12:00.000Z",
}
ORDER: dict[str, Any] = {
    "number": bought.NUMBER,
    "status": "paid",
    **bought.SOLD_AMOUNTS,
    "email": "ada@example.com",
    "buyer_id": 42,
    "placed_at": "2025-11-20T13:05:00.000Z",
    "expires_at": "2025-11-20T13:35:00.000Z",
    "paid_at": "2025-11-20T13:06:10.000Z",
    "ended_at": None,
    "sub_orders": [{name: value for name, value in _PART.items() if name not in _DETAILS} | SHARE],
}
ORDER_DETAIL: dict[str, Any] = {
    **ORDER,
    "sub_orders": [_PART | SHARE | {"allowed_moves": ["pack", "ship", "cancel", "refund"]}],
    "allowed_moves": ["cancel"],
    "shipping_address": bought.ADDRESS,
    "billing_address": bought.ADDRESS,
    "vat_number": "",
    "payments": [PAYMENT],
    "refunds": [bought.REFUND],
    "returns": [],
}
PERSON: dict[str, Any] = {
    "id": 42,
    "email": "amina@example.com",
    "name": "Amina Bello",
    "is_active": True,
    "is_operator": False,
    "is_email_verified": True,
    "joined_at": "2025-11-21T08:30:00.000Z",
}
PERSON_DETAIL: dict[str, Any] = {
    **PERSON,
    "phone": "+234 803 123 4567",
    "roles": [
        {
            "shop": bought.SHOP,
            "role": "owner",
            "dashboard_url": "https://indigo-fabrics.kasuwa.example/dashboard/",
        }
    ],
}
SHOP: dict[str, Any] = {
    "id": 7,
    "slug": "indigo-fabrics",
    "name": "Indigo Fabrics",
    "status": "live",
    "status_at": "2025-11-20T13:05:00.000Z",
    "city": "Abeokuta",
    "country": "NG",
    "currency": "NGN",
    "owner_email": "amina@example.com",
    "balance": {"currency": "NGN", "pending_minor": 3_554_000, "available_minor": 0, "total_minor": 3_554_000},
    "created_at": "2025-11-19T08:00:00.000Z",
}
SHOP_DETAIL: dict[str, Any] = {
    **SHOP,
    "contact_email": "hello@indigo.example",
    "contact_phone": "+234 803 123 4567",
    "commission_bps": 800,
    "is_paid_out": True,
    "orders_left": 3,
}


def feed(row: dict[str, Any]) -> dict[str, Any]:
    """Return a part of a feed with one row."""
    return {"next": None, "previous": None, "results": [row]}


PAYOUT_RUN: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11",
    "provider": "cards",
    "currency": "NGN",
    "status": "waiting",
    "needs_approval": True,
    "payout_count": 212,
    "total_minor": 481_250_000,
    "problem": "",
    "created_at": "2025-11-20T06:00:00.000Z",
    "approved_at": None,
    "ended_at": None,
}
PAYOUT: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d12",
    "run_id": PAYOUT_RUN["id"],
    "shop": {"slug": "indigo-fabrics", "name": "Indigo Fabrics"},
    "currency": "NGN",
    "amount_minor": 3_554_000,
    "netted_minor": 0,
    "cost_minor": 0,
    "is_cost_back": False,
    "bank_name": "Guaranty Trust Bank",
    "account_number": "•••• 6789",
    "status": "failed",
    "status_at": "2025-11-20T06:02:41.000Z",
    "problem": "failed",
    "note": "Account is dormant",
    "hold_reason": "",
    "created_at": "2025-11-20T06:00:00.000Z",
    "transfers": [
        {
            "reference": "po-7f3k9qxd2m7f3k9qxd2m",
            "attempt": 1,
            "state": "failed",
            "fees_minor": None,
            "message": "Account is dormant",
            "asked_at": "2025-11-20T06:00:30.000Z",
            "ended_at": "2025-11-20T06:02:41.000Z",
        }
    ],
}
HAND_PAYMENT: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d13",
    "payout_id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d12",
    "status": "booked",
    "needs_approval": False,
    "amount_minor": 3_554_000,
    "currency": "NGN",
    "reference": "NIP/000013251120/4471",
    "paid_on": "2025-11-20",
    "reason": "The provider does not reach this bank.",
    "file_name": "receipt.pdf",
    "recorded_at": "2025-11-20T15:12:00.000Z",
    "decided_at": None,
}

DIFFERENCE: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d77",
    "provider": "cards",
    "kind": "refund",
    "cause": "not_booked",
    "reference": "",
    "provider_id": "3018284",
    "currency": "NGN",
    "ours_minor": None,
    "theirs_minor": 500_000,
    "happened_at": "2025-11-20T10:12:00.000Z",
    "first_seen_at": "2025-11-21T02:00:00.000Z",
    "last_seen_at": "2025-11-21T02:00:00.000Z",
    "ended_at": None,
    "note": "",
    "advice": (
        "Money went back to a buyer that we did not book: a lost event, or a refund made on the provider’s own page."
        " Ask again if it has a reference of ours; else find out who made it, and explain it."
    ),
}

CHECK: dict[str, Any] = {
    "name": "transfers_stuck",
    "title": "Every transfer has a final state within three days",
    "remedy": (
        "A transfer is on its way for longer than any bank takes. Look it up by its reference on the provider’s "
        "page, and ask the provider’s support. It is not sent again until the provider reports it as failed."
    ),
    "is_quick": True,
    "open_findings": 1,
    "last_run": {
        "began_at": "2025-11-21T08:00:00.000Z",
        "ended_at": "2025-11-21T08:00:00.012Z",
        "outcome": "off",
        "found": 1,
        "problem": "",
    },
}

FINDING: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d78",
    "check": "transfers_stuck",
    "subject": "transfer po-0199f2c17c1e7a53b1de3f2a9a1c5d77",
    "expected": "a final state",
    "found": "pending, asked for on 2025-11-17 06:00 UTC",
    "first_seen_at": "2025-11-20T06:10:00.000Z",
    "last_seen_at": "2025-11-21T08:00:00.000Z",
    "ended_at": None,
    "acknowledged_at": None,
    "note": "",
}
