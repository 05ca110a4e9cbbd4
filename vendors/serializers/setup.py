"""The shop's settings and its checklist."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers

from gateway.bank_accounts import masked
from kit.api.input import InputSerializer
from kit.text.serializers import AccountNumberField, EmailField, LineField, NameField, ParagraphsField, PhoneField
from payouts.models import BankAccount
from tenants.applications.holder_names import shop_name_difference
from vendors.forms.settings import LARGEST_RATE_MINOR, LONGEST_POLICY


class ProfileInput(InputSerializer):
    """Changes of a shop's profile."""

    name = NameField(max_length=120, required=False)
    tagline = LineField(max_length=160, required=False, allow_blank=True)
    description = ParagraphsField(max_length=4000, required=False, allow_blank=True)
    city = NameField(max_length=100, required=False, allow_blank=True)
    contact_email = EmailField(required=False, allow_blank=True)
    contact_phone = PhoneField(max_length=30, required=False, allow_blank=True)
    delivery_policy = ParagraphsField(max_length=LONGEST_POLICY, required=False, allow_blank=True)
    returns_policy = ParagraphsField(max_length=LONGEST_POLICY, required=False, allow_blank=True)


class PicturesInput(InputSerializer):
    """A logo, a banner, or both."""

    logo = serializers.FileField(
        required=False, help_text="JPEG, PNG or WebP, at least 64 pixels each way, at most 5 MB; cut to a square."
    )
    banner = serializers.FileField(required=False, help_text="As the logo; cut to four times as wide as high.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one at least."""
        if not attrs:
            raise serializers.ValidationError(
                {"logo": [gettext("Send a logo, a banner, or both.")]}, code="one_required"
            )
        return attrs


class DeliveryInput(InputSerializer):
    """Price of a delivery."""

    shipping_minor = serializers.IntegerField(
        min_value=0, max_value=LARGEST_RATE_MINOR, help_text="In minor units; 0 for free."
    )


class DeliveryOutput(serializers.Serializer[Any]):
    """Price of a delivery."""

    shipping_minor = serializers.IntegerField()
    currency = serializers.CharField()


class AccountInput(InputSerializer):
    """An account to ask the bank about."""

    bank_code = LineField(max_length=20, help_text="The `code` of one of `banks/`.")
    number = AccountNumberField(max_length=30, help_text="6 to 16 digits; spaces and hyphens between them don't count.")


class BankAccountOutput(serializers.Serializer[Any]):
    """Bank account of payouts."""

    bank_code = serializers.CharField()
    bank_name = serializers.CharField()
    number = serializers.SerializerMethodField(help_text="Its last four digits.")
    holder_name = serializers.CharField(help_text="As the bank gave it.")
    name_difference = serializers.SerializerMethodField(
        help_text="In words, where the bank's name is not the one that the shop's application gives; else empty."
    )
    currency = serializers.CharField()
    verified_at = serializers.DateTimeField()
    usable_at = serializers.DateTimeField(source="usable_from", help_text="Nothing is paid to it before.")
    is_usable = serializers.SerializerMethodField()

    def get_number(self, account: BankAccount) -> str:
        """Return the last digits of the number."""
        return masked(account.number)

    def get_name_difference(self, account: BankAccount) -> str:
        """Return the holder's name if it differs from the application's."""
        return shop_name_difference(shop=self.context["shop"], holder_name=account.holder_name)

    def get_is_usable(self, account: BankAccount) -> bool:
        """Return whether it may be paid to now."""
        now: datetime = self.context["now"]
        return account.usable_from <= now


class StepOutput(serializers.Serializer[Any]):
    """A step of the checklist."""

    key = serializers.CharField()
    title = serializers.CharField(source="label")
    is_done = serializers.BooleanField(source="done")
    missing = serializers.CharField(allow_blank=True)


class SetupOutput(serializers.Serializer[Any]):
    """The checklist."""

    is_open = serializers.BooleanField(help_text="Whether the shop has opened already.")
    is_complete = serializers.BooleanField()
    steps = StepOutput(many=True)
