"""Runs and payouts as operators see them."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import ShopBriefOutput
from gateway.bank_accounts import masked
from kit.api.in_words import InWordsField
from kit.api.lists import FeedOutput
from payouts.models import (
    HandPayment,
    HandPaymentStatus,
    Payout,
    PayoutProblem,
    PayoutRun,
    PayoutStatus,
    RunStatus,
    Transfer,
    TransferStatus,
)


class PayoutRunOutput(serializers.ModelSerializer[PayoutRun]):
    """A payout run."""

    status = serializers.ChoiceField(choices=RunStatus.choices)
    needs_approval = serializers.SerializerMethodField(help_text="Whether it waits for another operator.")
    problem = InWordsField(
        allow_blank=True,
        help_text="Why the provider takes none of it now: `balance_too_low`, `otp_required`, or its words.",
    )

    class Meta:
        model = PayoutRun
        fields = (
            *("id", "provider", "currency", "status", "needs_approval", "payout_count", "total_minor", "problem"),
            *("created_at", "approved_at", "ended_at"),
        )

    def get_needs_approval(self, run: PayoutRun) -> bool:
        """Return whether a second person has to approve it."""
        return run.status == RunStatus.WAITING


class MadeRunsOutput(serializers.Serializer[Any]):
    """The runs that were made: one for each currency and provider."""

    runs = PayoutRunOutput(many=True)


class TransferOutput(serializers.ModelSerializer[Transfer]):
    """An attempt to make a payout."""

    state = serializers.ChoiceField(choices=TransferStatus.choices)
    message = InWordsField(help_text="What the provider said.")

    class Meta:
        model = Transfer
        fields = ("reference", "attempt", "state", "fees_minor", "message", "asked_at", "ended_at")


class HandPaymentOutput(serializers.ModelSerializer[HandPayment]):
    """A payment of a payout outside the providers."""

    status = serializers.ChoiceField(choices=HandPaymentStatus.choices)
    needs_approval = serializers.SerializerMethodField(help_text="Whether it waits for another operator.")

    class Meta:
        model = HandPayment
        fields = (
            *("id", "payout_id", "status", "needs_approval", "amount_minor", "currency", "reference", "paid_on"),
            *("reason", "file_name", "recorded_at", "decided_at"),
        )

    def get_needs_approval(self, payment: HandPayment) -> bool:
        """Return whether a second person has to confirm it."""
        return payment.status == HandPaymentStatus.WAITING


class OperatorPayoutOutput(serializers.ModelSerializer[Payout]):
    """A payout with its attempts, the first one first."""

    run_id = serializers.UUIDField()
    shop = ShopBriefOutput()
    status = serializers.ChoiceField(choices=PayoutStatus.choices)
    problem = serializers.ChoiceField(choices=PayoutProblem.choices, allow_blank=True)
    bank_name = serializers.CharField(source="bank_account.bank_name")
    account_number = serializers.SerializerMethodField(help_text="Its last four digits.")
    note = InWordsField()
    hold_reason = InWordsField()
    transfers = TransferOutput(many=True)

    class Meta:
        model = Payout
        fields = (
            *("id", "run_id", "shop", "currency", "amount_minor", "netted_minor", "cost_minor", "is_cost_back"),
            *("bank_name", "account_number", "status", "status_at", "problem", "note", "hold_reason"),
            *("created_at", "transfers"),
        )

    def get_account_number(self, payout: Payout) -> str:
        """Return the end of the number."""
        return masked(payout.bank_account.number)


class PayoutRunFeedOutput(FeedOutput):
    """Some runs."""

    results = PayoutRunOutput(many=True)


class OperatorPayoutFeedOutput(FeedOutput):
    """Some payouts."""

    results = OperatorPayoutOutput(many=True)
