"""A shop's disputes over the API."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.capabilities import ANSWER_DISPUTES
from checkout.disputes.evidence import Added, add_shop_evidence, evidence_offers
from kit.api.idempotent import takes_key
from kit.api.input import FeedQuery, query_of
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.parsers import StorableJSONParser
from kit.api.refusals import answer, refusals, sent
from kit.api.validation import checked
from kit.errors import NotFoundError
from payouts.disputes.errors import DisputeAnsweredError, DisputeOverdueError, DisputeOverError
from payouts.disputes.selectors import get_shop_dispute, read_shop_disputes, shop_evidence
from payouts.models import DisputeStatus
from vendors.access import StaffApi, shop_of
from vendors.api import dispute_examples as examples
from vendors.serializers.disputes import (
    EvidenceInput,
    ShopDisputeFeedOutput,
    ShopDisputeOutput,
    ShopDisputeSummaryOutput,
    ShopEvidenceOutput,
)

TAGS = ["Disputes"]


class ShopDisputesQuery(FeedQuery):
    """Filter of disputes."""

    status = serializers.ChoiceField(required=False, default="", choices=DisputeStatus.choices)


class DisputeListApi(StaffApi):
    """Disputes of the shop's orders."""

    query_class = ShopDisputesQuery
    capabilities: ClassVar = {"GET": ANSWER_DISPUTES}

    @extend_schema(
        operation_id="disputes_list",
        summary="List disputes",
        tags=TAGS,
        responses={200: ShopDisputeFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [examples.DISPUTE_SUMMARY]})],
    )
    def get(self, request: Request) -> Response:
        """Return the shop's part of payments that a bank takes back, the newest first; the `open` ones wait."""
        status = query_of(request)["status"]
        found = read_shop_disputes(shop_id=shop_of(request).pk, status=status, **feed_place(request))
        return Response(feed_body(request, found, results=ShopDisputeSummaryOutput(found.rows, many=True).data))


class DisputeApi(StaffApi):
    """A dispute of the shop's order."""

    capabilities: ClassVar = {"GET": ANSWER_DISPUTES}

    @extend_schema(
        operation_id="dispute_read",
        summary="Get a dispute",
        tags=TAGS,
        responses={200: ShopDisputeOutput, **refusals(NotFoundError)},
        examples=[answer("A dispute that waits", examples.DISPUTE)],
    )
    def get(self, request: Request, dispute_id: UUID) -> Response:
        """Return the shop's part of a dispute, its evidence, and texts of the order that can be given as evidence."""
        shop_id = shop_of(request).pk
        part = get_shop_dispute(shop_id=shop_id, dispute_id=dispute_id)
        context = {
            "evidence": shop_evidence(shop_id=shop_id, dispute_id=dispute_id),
            "offers": evidence_offers(dispute_id=dispute_id, shop_id=shop_id),
        }
        return Response(ShopDisputeOutput(part, context=context).data)


class DisputeEvidenceApi(StaffApi):
    """Evidence of the shop in a dispute."""

    parser_classes = (StorableJSONParser, MultiPartParser)
    capabilities: ClassVar = {"POST": ANSWER_DISPUTES}

    @takes_key()
    @extend_schema(
        operation_id="dispute_evidence_add",
        summary="Give evidence in a dispute",
        tags=TAGS,
        request={"application/json": EvidenceInput, "multipart/form-data": EvidenceInput},
        responses={
            201: ShopEvidenceOutput,
            400: INVALID,
            **refusals(NotFoundError, DisputeOverError, DisputeAnsweredError, DisputeOverdueError),
        },
        examples=[
            sent("A text", {"text": "The buyer has signed for it."}),
            answer("The evidence", examples.EVIDENCE, status=201),
        ],
    )
    def post(self, request: Request, dispute_id: UUID) -> Response:
        """Give a text, texts of the order, or a file, as long as the dispute waits for an answer.

        The market sends the evidence to the bank. A file is sent as `multipart/form-data`.
        """
        data: dict[str, Any] = checked(EvidenceInput, request.data)
        upload = data.get("file")
        added = Added(
            author_id=signed_in_user(request).pk,
            text=data["text"],
            offers=data["offers"],
            upload=upload,
            file_name=upload.name if upload else "",
        )
        evidence = add_shop_evidence(
            shop_id=shop_of(request).pk, dispute_id=dispute_id, added=added, now=timezone.now()
        )
        return Response(ShopEvidenceOutput(evidence).data, status=201)
