"""Examples of the next run, of a run and of a payout in the description of the operators' API."""

from typing import Any

from console.api import examples

PREVIEW: list[dict[str, Any]] = [
    {
        "shop": {"slug": "indigo-fabrics", "name": "Indigo Fabrics"},
        "currency": "NGN",
        "provider": "cards",
        "available_minor": 3_604_000,
        "netted_minor": 50_000,
        "amount_minor": 3_554_000,
        "bank_name": "Guaranty Trust Bank",
        "account_number": "•••• 6789",
        "skipped": None,
        "why": "",
    },
    {
        "shop": {"slug": "copper-kitchen", "name": "Copper Kitchen"},
        "currency": "NGN",
        "provider": "cards",
        "available_minor": 48_000,
        "netted_minor": 0,
        "amount_minor": 0,
        "bank_name": "",
        "account_number": "",
        "skipped": "below_minimum",
        "why": "Less than the minimum payout is available",
    },
]
RUN: dict[str, Any] = examples.PAYOUT_RUN | {
    "limit_minor": 100_000_000,
    "created_by": "ops@kasuwa.example",
    "approved_by": None,
    "advice": "Another operator has to look at its payouts, and approve or cancel it.",
    "provider_words": "",
    "next_try_at": None,
}
PAYOUT: dict[str, Any] = examples.PAYOUT | {
    "holder_name": "OKAFOR ADAEZE",
    "advice": (
        "The bank did not take the money, and it is available to the shop again. Ask the shop to check its bank "
        "account. Then send the payout again, or close the problem and leave the money to the next payout."
    ),
    "allowed_acts": ["retry", "resolve"],
    "retry_refusal": "",
    "hand_payment": None,
    "statement_url": f"https://kasuwa.example/api/v1/operator/payouts/{examples.PAYOUT['id']}/statement/",
}
