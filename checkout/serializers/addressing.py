"""Input of the calls that have a paid order delivered to another address."""

from rest_framework import serializers

from checkout.serializers.orders import AddressInput
from kit.api.input import InputSerializer
from kit.text.serializers import LineField, OptionalText

PART = "The number of one shop's part; left out: all of the order."


class ChangeAddressInput(InputSerializer):
    """Another delivery address of an order, or of one shop's part of it."""

    shipping_address = AddressInput(required=False, allow_null=True, help_text="Left out: `address_id` says where.")
    address_id = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="An address of the caller's address book."
    )
    sub_order = OptionalText(max_length=24, help_text=PART)


class ShopChangeAddressInput(InputSerializer):
    """Another delivery address of a shop's part of an order."""

    shipping_address = AddressInput()


class OperatorChangeAddressInput(ShopChangeAddressInput):
    """Another delivery address, and why."""

    reason = LineField(min_length=5, max_length=200, help_text="Buyer, shops and the audit log have it.")
    sub_order = OptionalText(max_length=24, help_text=PART)
