"""Examples of disputes in the description of a shop's API."""

from typing import Any

DISPUTE_SUMMARY: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5e80",
    "order_number": "KS-7F3K9QXD2M-1",
    "currency": "NGN",
    "status": "open",
    "status_at": "2025-11-25T17:00:05.000Z",
    "category": "chargeback",
    "claim": "Item not received",
    "opened_at": "2025-11-25T17:00:00.000Z",
    "answer_due_at": "2025-11-26T09:00:00.000Z",
    "amount_minor": 1_500_000,
    "held_minor": 1_388_000,
    "owed_minor": 0,
    "lost_minor": 0,
}
EVIDENCE: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5e90",
    "text": "The buyer has signed for it.",
    "file_name": "",
    "created_at": "2025-11-25T18:10:00.000Z",
}
DISPUTE: dict[str, Any] = DISPUTE_SUMMARY | {
    "evidence": [EVIDENCE],
    "offers": [
        {
            "key": "tracking:0199f2c1-7c1e-7a53-b1de-3f2a9a1c5e10",
            "title": "Parcels of KS-7F3K9QXD2M-1 and where they went",
            "text": "Parcel 1 (GIG · GIG1234567890NG): sent on Nov. 20, 2025, arrived on Nov. 22, 2025.",
        }
    ],
}
