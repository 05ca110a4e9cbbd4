"""Examples of payouts."""

from typing import Any

PAYOUT: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d12",
    "status": "paid",
    "status_at": "2025-11-20T06:02:41.000Z",
    "currency": "NGN",
    "amount_minor": 3_554_000,
    "netted_minor": 0,
    "cost_minor": 0,
    "is_cost_back": False,
    "bank_name": "Guaranty Trust Bank",
    "account_number": "•••• 6789",
    "note": "",
    "created_at": "2025-11-20T06:00:00.000Z",
}
REQUESTED_PAYOUT: dict[str, Any] = {
    **PAYOUT,
    "status": "prepared",
    "status_at": "2025-11-20T06:00:00.000Z",
    "cost_minor": 10_000,
}
PAYOUT_QUOTE: dict[str, Any] = {
    "currency": "NGN",
    "available_minor": 3_564_000,
    "netted_minor": 0,
    "cost_minor": 10_000,
    "amount_minor": 3_554_000,
    "account": "Guaranty Trust Bank •••• 6789",
    "needs_approval": False,
    "is_possible": True,
    "code": "",
    "message": "",
}
