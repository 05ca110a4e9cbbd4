"""Payouts as the shop that is paid reads them."""

from rest_framework import serializers

from gateway.bank_accounts import masked
from kit.api.lists import FeedOutput
from payouts.models import Payout, PayoutStatus


class PayoutOutput(serializers.ModelSerializer[Payout]):
    """A payout to the shop's bank account."""

    status = serializers.ChoiceField(choices=PayoutStatus.choices)
    amount_minor = serializers.IntegerField(help_text="Sent to the bank.")
    netted_minor = serializers.IntegerField(help_text="Kept back beside it, because the shop owed it.")
    bank_name = serializers.CharField(source="bank_account.bank_name")
    account_number = serializers.SerializerMethodField(help_text="Its last four digits.")
    note = serializers.SerializerMethodField(help_text="What the bank or the payment provider said where it came back.")

    class Meta:
        model = Payout
        fields = (
            *("id", "status", "status_at", "currency", "amount_minor", "netted_minor", "bank_name", "account_number"),
            *("note", "created_at"),
        )

    def get_account_number(self, payout: Payout) -> str:
        """Return the end of the number."""
        return masked(payout.bank_account.number)

    def get_note(self, payout: Payout) -> str:
        """Return the provider's words; those about a payout that needs a look are for operators."""
        return payout.note if payout.status in {PayoutStatus.FAILED, PayoutStatus.REVERSED} else ""


class PayoutFeedOutput(FeedOutput):
    """Some payouts."""

    results = PayoutOutput(many=True)
