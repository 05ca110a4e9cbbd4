"""Examples of disputes in the description of the operators' API."""

from typing import Any

EVIDENCE_ID = "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5e90"
STATEMENT = "Two lengths of indigo cloth, sent with GIG Logistics and signed for by the buyer on 22 November."
SUMMARY: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5e80",
    "provider": "cards",
    "provider_id": "310001",
    "payment": "ks-7f3k9qxd2m4n5p6r7s8t",
    "order_number": "KS-7F3K9QXD2M",
    "currency": "NGN",
    "claimed_minor": 1_500_000,
    "amount_minor": 1_500_000,
    "lost_minor": None,
    "category": "chargeback",
    "claim": "Item not received",
    "status": "open",
    "status_at": "2025-11-25T17:00:05.000Z",
    "resolution": "",
    "opened_at": "2025-11-25T17:00:00.000Z",
    "answer_due_at": "2025-11-26T09:00:00.000Z",
    "problem": "",
    "parts": [
        {
            "shop": {"slug": "indigo-fabrics", "name": "Indigo Fabrics"},
            "order_number": "KS-7F3K9QXD2M-1",
            "amount_minor": 1_500_000,
            "payable_minor": 1_388_000,
            "owed_minor": 0,
            "lost_minor": 0,
        }
    ],
    "set_offs": [],
}
DISPUTE: dict[str, Any] = SUMMARY | {
    "evidence": [
        {
            "id": EVIDENCE_ID,
            "shop": {"slug": "indigo-fabrics", "name": "Indigo Fabrics"},
            "text": "The buyer has signed for it.",
            "file_name": "receipt.pdf",
            "created_at": "2025-11-25T18:10:00.000Z",
        }
    ],
    "answers": [],
}
_ANSWER: dict[str, Any] = {
    "state": "asked",
    "is_accepted": False,
    "statement": STATEMENT,
    "amount_minor": 0,
    "evidence_id": EVIDENCE_ID,
    "answered_by": "ops@kasuwa.example",
    "note": "",
    "created_at": "2025-11-25T19:00:00.000Z",
}
ANSWERED: dict[str, Any] = DISPUTE | {"answers": [_ANSWER]}
ACCEPTED: dict[str, Any] = DISPUTE | {
    "answers": [
        _ANSWER
        | {
            "is_accepted": True,
            "statement": "The parcel was lost on the way.",
            "amount_minor": 1_500_000,
            "evidence_id": None,
        }
    ]
}
