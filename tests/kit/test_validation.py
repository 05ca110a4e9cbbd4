"""One serializer for all requests finds what a new one for each would find."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from rest_framework.exceptions import ValidationError
from rest_framework.serializers import ListSerializer

from checkout.serializers.carts import CartItemInput, CartLinesInput
from checkout.serializers.orders import CheckoutInput
from kit.api.validation import checked, checked_list

ADDRESS = {
    "name": "Ada Obi",
    "line1": "12 Bode Thomas Street",
    "city": "Surulere",
    "state": "Lagos",
    "country": "ng",
    "phone": "+2348012345678",
}


def as_rest_framework_does(kind: Any, data: Any) -> Any:
    serializer = kind(data=data)
    try:
        serializer.is_valid(raise_exception=True)
    except ValidationError as error:
        return error.detail
    return serializer.validated_data


def as_we_do(kind: Any, data: Any) -> Any:
    try:
        return checked_list(kind, data) if issubclass(kind, ListSerializer) else checked(kind, data)
    except ValidationError as error:
        return error.detail


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (CartItemInput, {"variant_id": "01a1feec-648f-72d0-97e1-3fe6c0af2080"}),
        (CartItemInput, {"variant_id": "01a1feec-648f-72d0-97e1-3fe6c0af2080", "quantity": "3", "other": 1}),
        (CartItemInput, {"variant_id": "nonsense", "quantity": 0}),
        (CartItemInput, {}),
        (CartItemInput, []),
        (CartItemInput, "text"),
        (CartLinesInput, [{"variant_id": "01a1feec-648f-72d0-97e1-3fe6c0af2080", "quantity": 0}]),
        (CartLinesInput, [{"variant_id": "01a1feec-648f-72d0-97e1-3fe6c0af2080", "quantity": 1}] * 2),
        (CartLinesInput, [{"variant_id": "nonsense"}, "text", {"quantity": 1000}]),
        (CartLinesInput, []),
        (CartLinesInput, {"variant_id": "nonsense"}),
        (CheckoutInput, {"email": "ada@example.com", "shipping_address": ADDRESS}),
        (CheckoutInput, {"shipping_address": {**ADDRESS, "country": "Nigeria"}, "billing_address": {}}),
        (CheckoutInput, {"email": "nobody", "shipping_address": None, "expected_total_minor": -1}),
        (CheckoutInput, {"shipping_address": [ADDRESS]}),
    ],
)
def test_it_agrees_with_a_new_serializer(kind: Any, data: Any) -> None:
    assert as_we_do(kind, data) == as_rest_framework_does(kind, data)


def test_nothing_sent_is_an_empty_object() -> None:
    assert as_we_do(CartItemInput, None) == as_rest_framework_does(CartItemInput, {})


def test_threads_do_not_hear_of_each_other() -> None:
    orders: list[dict[str, Any]] = [
        {"email": f"buyer-{n}@example.com", "shipping_address": {**ADDRESS, "name": f"Buyer {n}"}} for n in range(200)
    ]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda order: checked(CheckoutInput, order), orders))

    assert [(each["email"], each["shipping_address"]["name"]) for each in found] == [
        (order["email"], order["shipping_address"]["name"]) for order in orders
    ]
