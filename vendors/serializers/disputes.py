"""A shop's disputes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from kit.api.input import InputSerializer
from kit.api.lists import FeedOutput
from kit.text.serializers import ParagraphsField
from payouts.models import DisputeEvidence, DisputePart, DisputeStatus
from payouts.models.disputes import LONGEST_STATEMENT

MOST_OFFERS = 10


class ShopDisputeSummaryOutput(serializers.ModelSerializer[DisputePart]):
    """The shop's part of a payment that a buyer's bank takes back."""

    id = serializers.UUIDField(source="dispute_id")
    order_number = serializers.CharField(source="number")
    currency = serializers.CharField(source="dispute.currency")
    status = serializers.ChoiceField(source="dispute.status", choices=DisputeStatus.choices)
    status_at = serializers.DateTimeField(source="dispute.status_at")
    category = serializers.CharField(source="dispute.category", help_text="The bank's word for the claim.")
    claim = serializers.CharField(source="dispute.claim", help_text="Words of the buyer or their bank.")
    opened_at = serializers.DateTimeField(source="dispute.opened_at")
    answer_due_at = serializers.DateTimeField(
        source="dispute.answer_by", allow_null=True, help_text="Until then evidence can be given."
    )
    amount_minor = serializers.IntegerField(help_text="Of the buyer's money.")
    held_minor = serializers.IntegerField(source="payable_minor", help_text="Of the shop's, held until the end.")
    owed_minor = serializers.IntegerField(help_text="Of this, what the shop had not got and owes meanwhile.")
    lost_minor = serializers.IntegerField(source="lost_payable_minor", help_text="Of the shop's; 0 before the end.")

    class Meta:
        model = DisputePart
        fields = (
            *(
                "id",
                "order_number",
                "currency",
                "status",
                "status_at",
                "category",
                "claim",
                "opened_at",
                "answer_due_at",
            ),
            *("amount_minor", "held_minor", "owed_minor", "lost_minor"),
        )


class ShopEvidenceOutput(serializers.ModelSerializer[DisputeEvidence]):
    """Evidence that the shop has given."""

    text = serializers.CharField(allow_blank=True)
    file_name = serializers.CharField(allow_blank=True, help_text="Empty where it has no file.")

    class Meta:
        model = DisputeEvidence
        fields = ("id", "text", "file_name", "created_at")


class EvidenceOfferOutput(serializers.Serializer[Any]):
    """A text of the order's own records that can be given as evidence."""

    key = serializers.CharField()
    title = serializers.CharField()
    text = serializers.CharField()


class ShopDisputeOutput(ShopDisputeSummaryOutput):
    """A dispute with the shop's evidence, and what the order itself offers."""

    evidence = serializers.SerializerMethodField()
    offers = serializers.SerializerMethodField()

    class Meta(ShopDisputeSummaryOutput.Meta):
        fields: Any = (*ShopDisputeSummaryOutput.Meta.fields, "evidence", "offers")

    @extend_schema_field(ShopEvidenceOutput(many=True))
    def get_evidence(self, _: DisputePart) -> list[dict[str, Any]]:
        """Return the shop's evidence."""
        return [dict(each) for each in ShopEvidenceOutput(self.context["evidence"], many=True).data]

    @extend_schema_field(EvidenceOfferOutput(many=True))
    def get_offers(self, _: DisputePart) -> list[dict[str, Any]]:
        """Return the texts that the order offers."""
        return [dict(each) for each in EvidenceOfferOutput(self.context["offers"], many=True).data]


class ShopDisputeFeedOutput(FeedOutput):
    """Some of a shop's disputes."""

    results = ShopDisputeSummaryOutput(many=True)


class EvidenceInput(InputSerializer):
    """Evidence of a shop: a text, offered texts, a file, or all of them."""

    text = ParagraphsField(required=False, default="", allow_blank=True, max_length=LONGEST_STATEMENT)
    offers = serializers.ListField(
        child=serializers.CharField(max_length=60),
        required=False,
        default=list,
        max_length=MOST_OFFERS,
        help_text="Keys of offered texts, put behind the own text.",
    )
    file = serializers.FileField(
        required=False, max_length=255, allow_empty_file=True, help_text="PDF, JPEG or PNG; at most 5 MB."
    )
