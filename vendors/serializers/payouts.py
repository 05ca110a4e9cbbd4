"""Payouts as the shop that is paid reads and asks for them."""

from typing import Any

from rest_framework import serializers

from gateway.bank_accounts import masked
from kit.api.input import InputSerializer
from kit.api.lists import FeedOutput
from kit.sentences.stored import in_words
from payouts.models import Payout, PayoutStatus
from payouts.runs.request import PayoutQuote
from payouts.services.schedules import MOST_MINIMUM_MINOR


def said_about(payout: Payout) -> str:
    """Return why a payout is held, or the provider's words where it came back; those about others are for operators."""
    if payout.status == PayoutStatus.HELD:
        return in_words(payout.hold_reason)
    return in_words(payout.note) if payout.status in {PayoutStatus.FAILED, PayoutStatus.REVERSED} else ""


class PayoutOutput(serializers.ModelSerializer[Payout]):
    """A payout to the shop's bank account."""

    status = serializers.ChoiceField(choices=PayoutStatus.choices)
    amount_minor = serializers.IntegerField(help_text="Sent to the bank.")
    netted_minor = serializers.IntegerField(help_text="Kept back beside it, because the shop owed it.")
    cost_minor = serializers.IntegerField(help_text="Taken beside it, because the shop asked for it.")
    is_cost_back = serializers.BooleanField(help_text="Whether the cost is available again, since nothing arrived.")
    bank_name = serializers.CharField(source="bank_account.bank_name")
    account_number = serializers.SerializerMethodField(help_text="Its last four digits.")
    note = serializers.SerializerMethodField(help_text="Why it is held, or what was said where it came back.")

    class Meta:
        model = Payout
        fields = (
            *("id", "status", "status_at", "currency", "amount_minor", "netted_minor", "cost_minor", "is_cost_back"),
            *("bank_name", "account_number", "note", "created_at"),
        )

    def get_account_number(self, payout: Payout) -> str:
        """Return the end of the number."""
        return masked(payout.bank_account.number)

    def get_note(self, payout: Payout) -> str:
        """Return the reason."""
        return said_about(payout)


class PayoutFeedOutput(FeedOutput):
    """Some payouts."""

    results = PayoutOutput(many=True)


class PayoutRequestInput(InputSerializer):
    """A payout that the shop asks for."""

    amount_minor = serializers.IntegerField(
        required=False,
        default=None,
        allow_null=True,
        min_value=1,
        max_value=MOST_MINIMUM_MINOR,
        help_text="The amount that you have seen; refused where another one would be sent now.",
    )


class PayoutQuoteOutput(serializers.Serializer[Any]):
    """A payout that the shop may ask for now."""

    currency = serializers.CharField()
    available_minor = serializers.IntegerField(help_text="The money that it would be made of.")
    netted_minor = serializers.IntegerField(help_text="Kept back of it, because the shop owes it.")
    cost_minor = serializers.IntegerField(help_text="The cost of asking, kept back too.")
    amount_minor = serializers.IntegerField(help_text="Sent to the bank; zero where it is not possible.")
    account = serializers.CharField(help_text="The bank, and the last four digits of the account.")
    needs_approval = serializers.BooleanField(help_text="Whether a person of the market looks at it before it is sent.")
    is_possible = serializers.SerializerMethodField(help_text="Whether it would be made.")
    code = serializers.SerializerMethodField(help_text="The code of the refusal where it is not possible.")
    message = serializers.SerializerMethodField(help_text="The refusal in words.")

    def get_is_possible(self, quote: PayoutQuote) -> bool:
        """Return whether it is."""
        return quote.refusal is None

    def get_code(self, quote: PayoutQuote) -> str:
        """Return the code."""
        return quote.refusal.code if quote.refusal else ""

    def get_message(self, quote: PayoutQuote) -> str:
        """Return the words."""
        return quote.refusal.message if quote.refusal else ""
