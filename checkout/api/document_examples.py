"""Examples of invoices and credit notes in the API's description."""

from typing import Any

DOCUMENT: dict[str, Any] = {
    "kind": "invoice",
    "number": "INV-000041",
    "sub_order_number": "KS-7F3K9QXD2M-1",
    "invoice_number": None,
    "language": "en",
    "issued_at": "2025-11-20T13:05:00.000Z",
    "amounts": {
        "currency": "NGN",
        "items_minor": 1_850_000,
        "discount_minor": 0,
        "delivery_minor": 150_000,
        "delivery_discount_minor": 0,
        "tax_minor": 150_000,
        "prices_include_tax": False,
        "total_minor": 2_150_000,
    },
    "goodwill_minor": 0,
    "total_minor": 2_150_000,
    "lines": [
        {
            "title": "Wax print, six yards",
            "sku": "WAX-6Y",
            "quantity": 1,
            "unit_price_minor": 1_850_000,
            "discount_minor": 0,
            "total_minor": 1_850_000,
            "tax": ["VAT 7.5%"],
        }
    ],
}
CREDIT_NOTE: dict[str, Any] = {
    **DOCUMENT,
    "kind": "credit_note",
    "number": "CN-000003",
    "invoice_number": "INV-000041",
}
