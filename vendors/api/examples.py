"""Examples and refusals in the API's description."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from catalogue.errors import (
    ImageNotFoundError,
    PriceMovedError,
    ProductNotFoundError,
    SkuTakenError,
    StockBelowReservedError,
    StockMovedError,
    VariantNotFoundError,
)
from checkout.api import examples as bought
from checkout.fulfilment.errors import UndoTooLateError, WrongStepError
from kit.api.envelope import ErrorEnvelope
from kit.api.refusals import error_example, refusal, refusals
from kit.errors import NotFoundError

PRODUCT_ID = "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11"
VARIANT_ID = "0199f2c1-7c1f-7b10-9a44-0d6b1f5e2c77"
IMAGE: dict[str, Any] = {
    "id": 12,
    "url": "https://market.example/media/shops/1/products/…-800.webp",
    "small_url": "https://market.example/media/shops/1/products/…-400.webp",
    "alt": "The tote, from the front",
}
PRODUCT: dict[str, Any] = {
    "id": PRODUCT_ID,
    "title": "Hand-woven aso-oke tote",
    "slug": "hand-woven-aso-oke-tote",
    "description": "Woven on narrow looms in Iseyin, lined with cotton.",
    "category": "bags",
    "brand": "",
    "status": "active",
    "tax_class": "standard",
    "currency": "NGN",
    "variants": [
        {
            "id": VARIANT_ID,
            "sku": "TOTE-INDIGO",
            "options": {"Colour": "Indigo"},
            "price_minor": 1_850_000,
            "compare_at_minor": 2_400_000,
            "weight_g": 420,
            "on_hand": 8,
            "reserved": 2,
            "available": 6,
        }
    ],
    "images": [IMAGE],
    "created_at": "2025-11-20T13:05:00.000Z",
    "updated_at": "2025-11-20T13:05:00.000Z",
}
NEW_PRODUCT = OpenApiExample(
    "A bag in two colours",
    request_only=True,
    value={
        "title": "Hand-woven aso-oke tote",
        "category": "bags",
        "status": "active",
        "variants": [
            {"sku": "TOTE-INDIGO", "price_minor": 1_850_000, "options": {"Colour": "Indigo"}, "on_hand": 8},
            {"sku": "TOTE-RUST", "price_minor": 1_850_000, "options": {"Colour": "Rust"}, "on_hand": 3},
        ],
    },
)
STOCK: dict[str, Any] = {"variant_id": VARIANT_ID, "on_hand": 12, "reserved": 2, "available": 10}
MOVEMENT: dict[str, Any] = {
    "id": 87,
    "kind": "sale",
    "quantity": -2,
    "on_hand": 12,
    "source": "KS-7F3K9QXD2M-1",
    "moved_at": "2025-11-20T13:06:10.000Z",
}
PRICE_CHANGE: dict[str, Any] = {
    "id": 31,
    "price_minor": 1_850_000,
    "currency": "NGN",
    "changed_at": "2025-11-18T09:30:00.000Z",
}
PRICE: dict[str, Any] = {
    "variant_id": VARIANT_ID,
    "price_minor": 1_950_000,
    "compare_at_minor": 2_400_000,
    "currency": "NGN",
}
ORDER_LINES: list[dict[str, Any]] = [
    {
        "id": VARIANT_ID,
        "variant_id": VARIANT_ID,
        "product_id": PRODUCT_ID,
        "sku": "TOTE-INDIGO",
        "title": "Hand-woven aso-oke tote",
        "options": {"Colour": "Indigo"},
        "quantity": 2,
        "cancelled_quantity": 0,
        "sent_quantity": 0,
        "unit_price_minor": 1_850_000,
        "total_minor": 3_700_000,
    }
]
ORDER_ROW: dict[str, Any] = {
    "number": "KS-7F3K9QXD2M-1",
    "status": "new",
    "buyer_name": "Ada Obi",
    "currency": "NGN",
    "items_minor": 3_700_000,
    "discount_minor": 0,
    "shipping_minor": 150_000,
    "delivery_discount_minor": 0,
    "tax_minor": 0,
    "prices_include_tax": False,
    "total_minor": 3_850_000,
    "amounts": bought.AMOUNTS["amounts"],
    "placed_at": "2025-11-20T13:05:00.000Z",
    "paid_at": "2025-11-20T13:06:10.000Z",
    "status_at": "2025-11-20T13:06:10.000Z",
    "send_by_on": "2025-11-20",
    "arrive_by_on": "2025-11-24",
    "late": None,
    "allowed_moves": ["pack", "ship", "cancel", "refund"],
    "line_count": 1,
    "units": 2,
    "lines": ORDER_LINES,
}
ORDER: dict[str, Any] = {
    **{name: value for name, value in ORDER_ROW.items() if name not in {"line_count", "units"}},
    "amounts": bought.SOLD_AMOUNTS["amounts"],
    "adjustments": [bought.DELIVERY],
    "tax": None,
    "vat_number": "",
    "delivery": bought.CHOSEN,
    "buyer_email": "ada@example.com",
    "shipping_address": {"name": "Ada Obi", "line1": "12 Bode Thomas St", "city": "Surulere", "country": "NG"},
    "shipments": [],
    "corrections": [],
    "commission_bps": 800,
    "commission_minor": 296_000,
    "commission_tax_minor": 0,
    "delivered_by": None,
    "refunded_minor": 0,
    "refunds": [],
    "returns": [],
    "payable_minor": 3_554_000,
}
SHIPMENT: dict[str, Any] = {
    "id": 1,
    "status": "shipped",
    "carrier": "GIG Logistics",
    "tracking_number": "GIG-204511",
    "tracking_url": "https://giglogistics.example/track/GIG-204511",
    "lines": [{"line_id": VARIANT_ID, "quantity": 2}],
    "shipped_at": "2025-11-21T08:12:00.000Z",
    "delivered_at": None,
}
ARRIVED: dict[str, Any] = {**SHIPMENT, "status": "delivered", "delivered_at": "2025-11-23T15:40:00.000Z"}
SOME_LINES = OpenApiExample(
    "One of the two",
    request_only=True,
    value={
        "lines": [{"line_id": VARIANT_ID, "quantity": 1}],
        "carrier": "GIG Logistics",
        "tracking_number": "GIG-204511",
        "tracking_url": "https://giglogistics.example/track/GIG-204511",
    },
)
SHIPPED: dict[str, Any] = {
    **ORDER,
    "status": "shipped",
    "allowed_moves": ["deliver", "undo", "change_tracking", "refund"],
    "lines": [{**ORDER_LINES[0], "sent_quantity": 2}],
    "shipments": [SHIPMENT],
}
PARCEL = OpenApiExample(
    "With tracking", request_only=True, value={"carrier": "GIG Logistics", "tracking_number": "GIG-204511"}
)
CORRECTED_PARCEL = OpenApiExample(
    "The right number", request_only=True, value={"carrier": "GIG Logistics", "tracking_number": "GIG-204512"}
)
CORRECTED: dict[str, Any] = {
    **SHIPPED,
    "corrections": [
        {
            "kind": "order.tracking_changed",
            "actor_name": "Bola Ade",
            "details": "GIG Logistics · GIG-204511 → GIG Logistics · GIG-204512",
            "corrected_at": "2025-11-21T10:40:00.000Z",
        }
    ],
}
CANCEL = OpenApiExample(
    "One of them is broken",
    request_only=True,
    value={
        "reason": "One of the two is torn.",
        "lines": [{"line_id": VARIANT_ID, "quantity": 1}],
        "restocks": False,
    },
)
UNDONE: dict[str, Any] = {
    **ORDER,
    "corrections": [
        {
            "kind": "order.step_undone",
            "actor_name": "Bola Ade",
            "details": "Packed → To pack",
            "corrected_at": "2025-11-21T08:20:00.000Z",
        }
    ],
}
PARCELS = OpenApiExample(
    "Two parcels",
    request_only=True,
    value={
        "parcels": [
            {"number": "KS-7F3K9QXD2M-1", "carrier": "GIG Logistics", "tracking_number": "GIG-204511"},
            {"number": "KS-41PMC7W8ZA-2", "carrier": "GIG Logistics", "tracking_number": "GIG-204512"},
        ]
    },
)
BULK_STEP: dict[str, Any] = {
    "done": ["KS-7F3K9QXD2M-1"],
    "refused": [
        {
            "number": "KS-41PMC7W8ZA-2",
            "code": WrongStepError.code,
            "message": "This order's status is “Shipped” now. Possible now: mark delivered, undo the last step.",
        }
    ],
}
ENTRY: dict[str, Any] = {
    "id": 4711,
    "kind": "sale",
    "balance": "pending",
    "order_number": "KS-7F3K9QXD2M-1",
    "total_minor": 3_850_000,
    "commission_minor": 296_000,
    "commission_tax_minor": 0,
    "amount_minor": 3_554_000,
    "currency": "NGN",
    "occurred_at": "2025-11-20T13:06:10.000Z",
}
SHOP: dict[str, Any] = {
    "slug": "indigo-fabrics",
    "name": "Indigo Fabrics",
    "tagline": "Hand-dyed cloth from Abeokuta",
    "description": "",
    "city": "Abeokuta",
    "country": "NG",
    "currency": "NGN",
    "status": "live",
    "shipping_minor": 150_000,
    "delivery_policy": "Sent within a day, two to four days on the road.",
    "returns_policy": "14 days, unworn.",
    "contact_email": "hello@indigo.example",
    "contact_phone": "",
    "commission_bps": 800,
    "logo_url": "https://market.example/media/shops/1/profile/logo-….webp",
    "banner_url": "https://market.example/media/shops/1/profile/banner-….webp",
    "role": "owner",
}

PRODUCT_INVALID = OpenApiResponse(
    ErrorEnvelope,
    "The product can't be sold like this; `errors` says what, by field.",
    examples=[
        error_example(
            "invalid",
            "Please correct the marked fields.",
            {"variants": {"0": {"compare_at_minor": ["The old price must be higher than the price."]}}},
        ),
    ],
)
NO_PRODUCT = refusal("The shop has no such product.", ProductNotFoundError)
NO_PRODUCT_OR_VARIANT = refusal(
    "The shop has no such product, or the product no such variant.", ProductNotFoundError, VariantNotFoundError
)
NO_VARIANT = refusal("The shop has no such variant.", VariantNotFoundError)
NO_IMAGE = refusal(
    "The shop has no such product, or the product no such picture.", ProductNotFoundError, ImageNotFoundError
)
NO_ORDER = refusal("The shop has no such order.", NotFoundError)
PROMISED_OR_MOVED = refusal(
    "More than that is promised to orders that are being paid, or the stock has moved; nothing is changed.",
    StockBelowReservedError,
    StockMovedError,
    details={"on_hand": ["At least 2."], "reserved": 2},
)
SKU_TAKEN = refusal(
    "Another variant of the shop has a SKU; nothing is changed.", SkuTakenError, details={"sku": ("TOTE-INDIGO",)}
)
PRODUCT_CONFLICTS = refusals(
    StockBelowReservedError,
    StockMovedError,
    SkuTakenError,
    details={
        StockBelowReservedError: {"on_hand": ["At least 2."], "reserved": 2},
        StockMovedError: {"on_hand": ["6 now."], "current": 6},
        SkuTakenError: {"sku": ("TOTE-INDIGO",)},
    },
)[HTTPStatus.CONFLICT]
PRICE_MOVED = refusal(
    "The price has changed since you read it; nothing is changed.", PriceMovedError, details={"current": 1_900_000}
)
STATE = {"status": "delivered", "allowed_moves": ("refund",)}
WRONG_STEP = refusal("The order is at another step; nothing is changed.", WrongStepError, details=STATE)
NOT_UNDOABLE = refusal(
    "The order is at another step, or was shipped too long ago; nothing is changed.", WrongStepError, UndoTooLateError
)
COUPON: dict[str, Any] = {
    "id": "0199f2c1-9b00-7a53-b1de-3f2a9a1c5d11",
    "code": "KANO10",
    "kind": "percent",
    "percent_bps": 1_000,
    "amount_minor": None,
    "currency": "NGN",
    "minimum_minor": 1_000_000,
    "starts_at": None,
    "ends_at": "2025-12-24T22:59:59.000Z",
    "uses_total": 100,
    "uses_per_buyer": 1,
    "is_first_order": False,
    "is_public": True,
    "is_paused": False,
    "products": [],
    "categories": ["bags"],
    "batch_id": None,
    "used": 12,
    "revenue_minor": 38_400_000,
    "cost_minor": 4_266_000,
    "created_at": "2025-11-20T13:05:00.000Z",
}
NEW_COUPON: dict[str, Any] = {
    "code": "KANO10",
    "kind": "percent",
    "percent_bps": 1_000,
    "minimum_minor": 1_000_000,
    "ends_at": "2025-12-24T22:59:59Z",
    "uses_total": 100,
    "uses_per_buyer": 1,
}
OFFER: dict[str, Any] = {
    "id": "0199f2c1-9b00-7a53-b1de-3f2a9a1c5d12",
    "name": "Two and one",
    "kind": "buy_get",
    "percent_bps": 10_000,
    "buys": 2,
    "gives": 1,
    "tiers": [],
    "products": [],
    "categories": ["bags"],
    "gives_products": [],
    "gives_categories": [],
    "starts_at": None,
    "ends_at": "2025-12-24T22:59:59.000Z",
    "is_paused": False,
    "used": 12,
    "revenue_minor": 38_400_000,
    "cost_minor": 4_266_000,
    "created_at": "2025-11-20T13:05:00.000Z",
}
NEW_OFFER: dict[str, Any] = {
    "name": "Two and one",
    "kind": "buy_get",
    "percent_bps": 10_000,
    "buys": 2,
    "gives": 1,
    "categories": ["bags"],
    "ends_at": "2025-12-24T22:59:59Z",
}
CANCELLED: dict[str, Any] = {**ORDER, "lines": [{**ORDER_LINES[0], "cancelled_quantity": 1}]}
