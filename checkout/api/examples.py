"""Examples, headers and refusals of the cart, checkout and orders in the API's description."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from checkout.cart.identity import HEADER
from checkout.errors import (
    AlreadyPackedError,
    AlreadySentError,
    BasketOrderedError,
    CartError,
    CartLinesRefusedError,
    ChargeOutOfLimitsError,
    CouponRefusedError,
    DeliveryMethodGoneError,
    DeliveryNotPricedError,
    EmptyCartError,
    InsufficientStockError,
    MixedCurrenciesError,
    NotDeliveredError,
    NotLetInError,
    OrderNotCancellableError,
    OrderNotPayableError,
    OtherChargesError,
    PaymentProviderUnavailableError,
    PaymentRefusedError,
    PriceChangedError,
    RefundTooLargeError,
    ShopNotSellingError,
    StationGoneError,
    StationNeededError,
    TooManyLinesError,
    TooMuchUnpaidError,
    UnitsNotLeftError,
    VariantNotSoldError,
    WaitingRoomDownError,
)
from checkout.pricing.amounts import Amounts, amounts_body
from kit.api.idempotent import KEY_HEADER, LONGEST_KEY, REPLAYED_HEADER
from kit.api.refusals import refusals
from kit.errors import BusyError, DomainError, NotFoundError
from kit.work.idempotency import IdempotencyKeyReusedError

ORDER_KEY_HEADER = "X-Order-Key"

CART_TOKEN = OpenApiParameter(
    HEADER, str, OpenApiParameter.HEADER, description="A guest's cart; the first answer returns it."
)
NEW_CART_TOKEN = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    response=[200, 201],
    description="The token of a guest's cart: send it with every later call. Signed-in people get none.",
)
ORDER_KEY = OpenApiParameter(
    ORDER_KEY_HEADER,
    str,
    OpenApiParameter.HEADER,
    description="A guest's `access_key`, where the cart's token is not at hand.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    KEY_HEADER,
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    OpenApiParameter.HEADER,
    required=True,
    description="Yours; the same again, the same order.",
)
REPLAYED = OpenApiParameter(
    REPLAYED_HEADER,
    bool,
    OpenApiParameter.HEADER,
    response=[201],
    description="`true` where an earlier request with the key placed this order; this one has changed nothing.",
)

VARIANT = "0199f2c1-7c1f-7b10-9a44-0d6b1f5e2c77"
OTHER_VARIANT = "0199f2c1-8b2e-7c41-8d10-5a7be3f0c9d4"
STATION_ID = "0199f2c1-9d00-7a53-b1de-3f2a9a1c5d77"
SHOP = {"slug": "indigo-fabrics", "name": "Indigo Fabrics"}
NUMBER = "KS-7F3K9QXD2M"
AMOUNTS: dict[str, Any] = {
    "currency": "NGN",
    "items_minor": 3_700_000,
    "discount_minor": 0,
    "shipping_minor": 150_000,
    "delivery_discount_minor": 0,
    "tax_minor": 0,
    "prices_include_tax": False,
    "total_minor": 3_850_000,
}
SOLD_AMOUNTS: dict[str, Any] = {**AMOUNTS, "amounts": {**amounts_body(AMOUNTS), "refunded_minor": 0}}
AMOUNTS |= {"amounts": amounts_body(AMOUNTS)}
DELIVERY: dict[str, Any] = {
    "kind": "delivery",
    "source": "flat",
    "label": "Delivery",
    "funded_by": "buyer",
    "amount_minor": 150_000,
    "line": None,
    "variant_id": None,
}
METHOD: dict[str, Any] = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5e01",
    "name": "Delivery",
    "kind": "flat",
    "price_minor": 150_000,
    "earliest_on": "2025-11-21",
    "latest_on": "2025-11-24",
    "details": "",
    "rate": None,
}
CHOSEN: dict[str, Any] = {
    "method_id": METHOD["id"],
    **{name: value for name, value in METHOD.items() if name not in {"id", "price_minor", "rate"}},
    "leaves_on": "2025-11-20",
    "station": None,
}
CART: dict[str, Any] = {
    "groups": [
        {
            **AMOUNTS,
            "shop": SHOP,
            "returns_on": None,
            "lines": [
                {
                    "variant_id": VARIANT,
                    "product_id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11",
                    "sku": "TOTE-INDIGO",
                    "title": "Hand-woven aso-oke tote",
                    "options": {"Colour": "Indigo"},
                    "quantity": 2,
                    "unit_price_minor": 1_850_000,
                    "old_unit_price_minor": None,
                    "available": 6,
                    "total_minor": 3_700_000,
                    "problem": None,
                }
            ],
            "adjustments": [DELIVERY],
            "delivery": {"method": METHOD["id"], "is_estimate": False, "is_unpriced": False, "methods": [METHOD]},
            "offer_hints": [],
        }
    ],
    **AMOUNTS,
    "adjustments": [DELIVERY],
    "totals": [{**AMOUNTS, "shops": [SHOP], "can_be_paid": True, "can_check_out": True}],
    "coupons": [],
    "units": 2,
    "can_check_out": True,
    "changes": [],
}
CHANGE = {
    "kind": "price",
    "message": "Tote: now ₦19,000, was ₦18,500.",
    "variant_id": VARIANT,
    "was_minor": 1_850_000,
    "now_minor": 1_900_000,
}
NOTHING: dict[str, Any] = Amounts(currency="").columns()
NOTHING |= {"amounts": amounts_body(NOTHING)}
EMPTY_CART: dict[str, Any] = {
    "groups": [],
    **NOTHING,
    "adjustments": [],
    "totals": [{**NOTHING, "shops": [], "can_be_paid": True, "can_check_out": False}],
    "coupons": [],
    "units": 0,
    "can_check_out": False,
    "changes": [],
}
ADDRESS: dict[str, Any] = {
    "name": "Ada Obi",
    "line1": "12 Bode Thomas St",
    "line2": "",
    "city": "Surulere",
    "state": "Lagos",
    "subdivision": "NG-LA",
    "postcode": "",
    "country": "NG",
    "phone": "+2348012345678",
}
ORDER: dict[str, Any] = {
    "number": NUMBER,
    "status": "pending",
    **SOLD_AMOUNTS,
    "adjustments": [DELIVERY],
    "email": "ada@example.com",
    "shipping_address": ADDRESS,
    "billing_address": ADDRESS,
    "vat_number": "",
    "texts": ["sms"],
    "placed_at": "2025-11-20T13:05:00.000Z",
    "expires_at": "2025-11-20T13:35:00.000Z",
    "paid_at": None,
    "sub_orders": [
        {
            "number": f"{NUMBER}-1",
            "shop": SHOP,
            "status": "pending",
            "send_by_on": None,
            "arrive_by_on": None,
            "late": None,
            **SOLD_AMOUNTS,
            "adjustments": [DELIVERY],
            "tax": None,
            "delivery": CHOSEN,
            "lines": [
                {
                    "id": VARIANT,
                    "variant_id": VARIANT,
                    "product_id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11",
                    "sku": "TOTE-INDIGO",
                    "title": "Hand-woven aso-oke tote",
                    "options": {"Colour": "Indigo"},
                    "quantity": 2,
                    "cancelled_quantity": 0,
                    "refunded_quantity": 0,
                    "sent_quantity": 0,
                    "unit_price_minor": 1_850_000,
                    "total_minor": 3_700_000,
                }
            ],
            "refunded_minor": 0,
            "shipping_address": None,
            "tracking": None,
            "delivered_by": None,
            "shipments": [],
            "times": {},
            "pickup_code": None,
            "unread_messages": 0,
            "allowed_moves": [],
        }
    ],
    "exchange_return_id": None,
    "credit_minor": 0,
    "payment_url": "https://pay.example/0peioxfhpn",
    "allowed_moves": ["pay", "cancel"],
    "refunds": [],
    "returns": [],
}
PLACED: dict[str, Any] = {**ORDER, "access_key": "q3Zr0vJx5hK8m2TnYw7pLs4c"}
CANCELLED: dict[str, Any] = {**ORDER, "status": "cancelled", "payment_url": "", "allowed_moves": []}
REFUND: dict[str, Any] = {
    "id": "0199f2c1-8a00-7a53-b1de-3f2a9a1c5d11",
    "amount_minor": 150_000,
    "currency": "NGN",
    "reason": "A shop could not deliver",
    "set_off_minor": 0,
    "status": "processed",
    "sub_order_number": f"{NUMBER}-1",
    "created_at": "2025-11-20T13:06:30.000Z",
    "ended_at": "2025-11-21T08:12:00.000Z",
}
PAYMENT: dict[str, Any] = {
    "reference": "ks-7f3k9qxd2m-1",
    "provider": "cards",
    "status": "captured",
    "amount_minor": 3_850_000,
    "currency": "NGN",
    "captured_minor": 3_850_000,
    "channel": "card",
    "created_at": "2025-11-20T13:05:00.000Z",
    "captured_at": "2025-11-20T13:06:10.000Z",
    "refunds": [REFUND],
}
TRIED: dict[str, Any] = {
    "code": "KANO10",
    "counts": True,
    "saved": [{"currency": "NGN", "saved_minor": 370_000}],
    "reason": None,
    "message": "",
}
PUBLIC_COUPON: dict[str, Any] = {
    "code": "KANO10",
    "kind": "percent",
    "percent_bps": 1_000,
    "amount_minor": None,
    "currency": "NGN",
    "minimum_minor": 1_000_000,
    "starts_at": None,
    "ends_at": "2025-12-24T22:59:59.000Z",
    "is_first_order": False,
    "shop": {"slug": "indigo-fabrics", "name": "Indigo Fabrics"},
    "label": "10 % off",
}
ITEM = OpenApiExample("Two bags", request_only=True, value={"variant_id": VARIANT, "quantity": 2})
LINES = OpenApiExample(
    "Two bags, and no pot",
    request_only=True,
    value=[{"variant_id": VARIANT, "quantity": 2}, {"variant_id": OTHER_VARIANT, "quantity": 0}],
)
DESTINATION = OpenApiExample(
    "To Surulere",
    request_only=True,
    value={
        "shipping_address": {"country": "NG", "state": "Lagos", "city": "Surulere"},
        "delivery": {"indigo-fabrics": METHOD["id"]},
    },
)
QUANTITY = OpenApiExample("Three of them", request_only=True, value={"quantity": 3})
CHECKOUT = OpenApiExample(
    "A guest's order",
    request_only=True,
    value={"email": "ada@example.com", "shipping_address": ADDRESS, "expected_total_minor": 3_850_000},
)
AT_STATION = OpenApiExample(
    "To a pick-up station",
    request_only=True,
    value={
        "email": "ada@example.com",
        "shipping_address": ADDRESS,
        "delivery": {"indigo-fabrics": f"{METHOD['id']}:{STATION_ID}"},
    },
)

_SHORT = [{"variant_id": VARIANT, "wanted": 8, "available": 6}]
DETAILS: dict[type[DomainError], Any] = {
    CartError: {"quantity": ["Choose a quantity between 1 and 999."]},
    InsufficientStockError: _SHORT,
    CartLinesRefusedError: [
        {"variant_id": VARIANT, "code": "insufficient_stock", "message": "Only 6 left.", "wanted": 8, "available": 6},
        {"variant_id": OTHER_VARIANT, "code": "variant_not_sold", "message": "This product is not for sale any more."},
    ],
    BasketOrderedError: {"order": NUMBER},
    NotLetInError: [{"listing_id": VARIANT, "url": f"https://market.example/waiting-room/{VARIANT}/"}],
    ChargeOutOfLimitsError: {"least_minor": 5_000},
    MixedCurrenciesError: {
        "currency": ["Send one of these: GHS, NGN."],
        "currencies": ("GHS", "NGN"),
        "totals": [{"currency": "GHS", "total_minor": 42_000}, {"currency": "NGN", "total_minor": 3_850_000}],
    },
    DeliveryNotPricedError: {"shops": ["indigo-fabrics"], "total_minor": 0},
    NotDeliveredError: {"shops": ["indigo-fabrics"], "total_minor": 0},
    DeliveryMethodGoneError: {"shops": ["indigo-fabrics"]},
    StationNeededError: {"shops": ["indigo-fabrics"]},
    StationGoneError: {"shops": ["indigo-fabrics"]},
    PriceChangedError: {"total_minor": 3_950_000, "currency": "NGN", "changes": (CHANGE,)},
    CouponRefusedError: {
        "coupons": ["The coupon KANO10 has been used up."],
        "refused": ({"code": "KANO10", "reason": "used_up"},),
    },
    RefundTooLargeError: {"left_minor": 350_000},
    AlreadyPackedError: {"sub_orders": (f"{NUMBER}-1",)},
    OtherChargesError: {"sub_orders": (f"{NUMBER}-1",)},
    AlreadySentError: {"sub_orders": (f"{NUMBER}-1",)},
    PaymentRefusedError: {"reason": "Invalid Email Address Passed"},
}
WAITING = (NotLetInError, WaitingRoomDownError)
OF_LINES = (CartError, VariantNotSoldError, ShopNotSellingError, InsufficientStockError, *WAITING)
CHANGE_REFUSALS = refusals(*OF_LINES, details=DETAILS)
ADD_REFUSALS = refusals(*OF_LINES, TooManyLinesError, details=DETAILS)
SET_REFUSALS = refusals(CartLinesRefusedError, TooManyLinesError, *WAITING, details=DETAILS)
CHECKOUT_REFUSALS = refusals(
    EmptyCartError,
    MixedCurrenciesError,
    InsufficientStockError,
    DeliveryNotPricedError,
    NotDeliveredError,
    DeliveryMethodGoneError,
    StationNeededError,
    StationGoneError,
    PriceChangedError,
    ChargeOutOfLimitsError,
    CouponRefusedError,
    BasketOrderedError,
    TooMuchUnpaidError,
    *WAITING,
    IdempotencyKeyReusedError,
    PaymentRefusedError,
    BusyError,
    details=DETAILS,
)
READ_REFUSALS = refusals(NotFoundError)
PAY_REFUSALS = refusals(
    NotFoundError, OrderNotPayableError, PaymentRefusedError, PaymentProviderUnavailableError, details=DETAILS
)
CANCEL_REFUSALS = refusals(
    NotFoundError,
    OrderNotCancellableError,
    AlreadySentError,
    UnitsNotLeftError,
    RefundTooLargeError,
    PaymentProviderUnavailableError,
    details=DETAILS,
)
