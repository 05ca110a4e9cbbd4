"""Disputes as operators read them over the API."""

from typing import Any

from rest_framework import serializers

from accounts.serializers import ShopBriefOutput
from kit.api.in_words import InWordsField
from kit.api.lists import FeedOutput
from payouts.models import (
    AnswerState,
    Dispute,
    DisputeAnswer,
    DisputeEvidence,
    DisputePart,
    DisputeResolution,
    DisputeSetOff,
)


class DisputePartOutput(serializers.ModelSerializer[DisputePart]):
    """A shop's share of a dispute."""

    shop = ShopBriefOutput()
    order_number = serializers.CharField(source="number", help_text="Of the shop's part of the order.")
    payable_minor = serializers.IntegerField(help_text="Of the shop's money, held until the end.")
    owed_minor = serializers.IntegerField(help_text="Of this, what the shop had not got and owes meanwhile.")
    lost_minor = serializers.IntegerField(help_text="Given back to the buyer; 0 before the end.")

    class Meta:
        model = DisputePart
        fields = ("shop", "order_number", "amount_minor", "payable_minor", "owed_minor", "lost_minor")


class DisputeSetOffOutput(serializers.ModelSerializer[DisputeSetOff]):
    """An owed refund that a lost dispute has paid, or an amount of it."""

    refund_id = serializers.UUIDField()
    amount_minor = serializers.IntegerField()

    class Meta:
        model = DisputeSetOff
        fields = ("refund_id", "amount_minor", "created_at")


class DisputeEvidenceOutput(serializers.ModelSerializer[DisputeEvidence]):
    """A text or a file that speaks for a shop."""

    shop = ShopBriefOutput(allow_null=True, help_text="Null: the market's own.")
    text = InWordsField()
    file_name = serializers.CharField(allow_blank=True, help_text="Empty where it has no file.")

    class Meta:
        model = DisputeEvidence
        fields = ("id", "shop", "text", "file_name", "created_at")


class DisputeAnswerOutput(serializers.ModelSerializer[DisputeAnswer]):
    """An answer of the market to the provider."""

    state = serializers.ChoiceField(choices=AnswerState.choices)
    amount_minor = serializers.IntegerField(help_text="Given up; 0 of a dispute that is declined.")
    evidence_id = serializers.UUIDField(allow_null=True, help_text="Whose file was sent.")
    answered_by = serializers.CharField(source="answered_by.email")
    note = InWordsField(help_text="What the provider said against it.")

    class Meta:
        model = DisputeAnswer
        fields = (
            *("state", "is_accepted", "statement", "amount_minor", "evidence_id", "answered_by", "note"),
            "created_at",
        )


class OperatorDisputeSummaryOutput(serializers.ModelSerializer[Dispute]):
    """A payment that a buyer's bank takes back."""

    provider_id = serializers.CharField(help_text="The provider's own id.")
    payment = serializers.CharField(source="reference", help_text="The reference of the payment.")
    claimed_minor = serializers.IntegerField(help_text="What the bank claims.")
    amount_minor = serializers.IntegerField(help_text="Of this, what was left of the payment.")
    lost_minor = serializers.IntegerField(allow_null=True, help_text="Null before the end; 0 of one that is won.")
    category = serializers.CharField(allow_blank=True, help_text="The provider's word for the claim.")
    claim = serializers.CharField(allow_blank=True, help_text="Words of the buyer or their bank.")
    resolution = serializers.ChoiceField(choices=[("", ""), *DisputeResolution.choices])
    answer_due_at = serializers.DateTimeField(
        source="answer_by", allow_null=True, help_text="The end of the time to answer."
    )
    problem = InWordsField(help_text="What a person has to look at.")
    parts = DisputePartOutput(many=True)
    set_offs = DisputeSetOffOutput(
        many=True, help_text="Refunds that were owed and not sent, and are no more: the buyer has them from the bank."
    )

    class Meta:
        model = Dispute
        fields = (
            *("id", "provider", "provider_id", "payment", "order_number", "currency", "claimed_minor", "amount_minor"),
            *("lost_minor", "category", "claim", "status", "status_at", "resolution", "opened_at", "answer_due_at"),
            *("problem", "parts", "set_offs"),
        )


class OperatorDisputeOutput(OperatorDisputeSummaryOutput):
    """A dispute with its evidence and answers."""

    evidence = DisputeEvidenceOutput(many=True)
    answers = DisputeAnswerOutput(many=True)

    class Meta(OperatorDisputeSummaryOutput.Meta):
        fields: Any = (*OperatorDisputeSummaryOutput.Meta.fields, "evidence", "answers")


class OperatorDisputeFeedOutput(FeedOutput):
    """Some disputes."""

    results = OperatorDisputeSummaryOutput(many=True)
