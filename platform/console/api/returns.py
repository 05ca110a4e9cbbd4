"""Returns of all shops over the operators' API, and the decision where buyer and shop don't agree."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from checkout.api import return_examples as examples
from checkout.models import ReturnStatus, ReversedBy
from checkout.photos.keeping import photo_response
from checkout.returning.moves import Move
from checkout.returning.selectors import all_returns, any_photo, get_any_return
from checkout.serializers.cancelling import LONGEST_REASON
from checkout.serializers.returns import ReturnFeedOutput, ReturnOutput
from console.access import OperatorApi
from console.services.returns import decide_return, pay_return
from kit.api.idempotent import takes_key
from kit.api.input import FeedQuery, InputSerializer, query_of
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.private_files import LOCATION
from kit.api.refusals import answer, sent
from kit.api.validation import checked
from kit.db.keyset import read_slice
from kit.text.serializers import LineField

TAGS = ["Operators: returns"]
CONTEXT = {"side": ReversedBy.OPERATOR}
WHY = "The photos show that it was torn."


class OperatorReturnsQuery(FeedQuery):
    """Filter of returns."""

    status = serializers.ChoiceField(required=False, default="", choices=ReturnStatus.choices)


class DecisionInput(InputSerializer):
    """The reason of a decision."""

    reason = LineField(min_length=5, max_length=LONGEST_REASON, help_text="Buyer, shop and the audit log have it.")


class AcceptReturnInput(DecisionInput):
    """The reason, and whether the buyer gets money whatever they want instead."""

    refunds_instead = serializers.BooleanField(required=False, default=False)


class PayReturnInput(DecisionInput):
    """The reason, and what of the delivery goes back too."""

    delivery_minor = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, help_text="Of what was paid for the delivery."
    )


class OperatorReturnListApi(OperatorApi):
    """Returns of all shops."""

    query_class = OperatorReturnsQuery

    @extend_schema(
        operation_id="operator_returns_list",
        summary="List returns of all shops",
        tags=TAGS,
        responses={200: ReturnFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [examples.MARKETS]})],
    )
    def get(self, request: Request) -> Response:
        """Return the returns that match, the newest first; `status=escalated` are those that wait for an operator."""
        found = read_slice(
            all_returns(status=query_of(request)["status"]).prefetch_related("photos"), **feed_place(request)
        )
        results = ReturnOutput(found.rows, many=True, context=CONTEXT).data
        return Response(feed_body(request, found, results=results))


class OperatorReturnApi(OperatorApi):
    """One return."""

    @extend_schema(
        operation_id="operator_return_read",
        summary="Read a return of any shop",
        tags=TAGS,
        responses={200: ReturnOutput, 404: examples.NO_RETURN},
        examples=[answer("The return", examples.MARKETS)],
    )
    def get(self, _request: Request, return_id: UUID) -> Response:
        """Return a return with its history."""
        return Response(_shown(return_id))


class OperatorReturnAcceptApi(OperatorApi):
    """Accepting a return for its shop."""

    @takes_key()
    @extend_schema(
        operation_id="operator_return_accept",
        summary="Decide that a shop takes a return",
        tags=TAGS,
        request=AcceptReturnInput,
        responses={200: ReturnOutput, 400: INVALID, **examples.ACCEPT_REFUSALS},
        examples=[sent("Why", {"reason": WHY}), answer("The return", {**examples.MARKETS, "status": "accepted"})],
    )
    def post(self, request: Request, return_id: UUID) -> Response:
        """Accept an escalated return: the buyer sends it back, the shop records its arrival."""
        return _decide(request, return_id, Move.ACCEPT)


class OperatorReturnRefuseApi(OperatorApi):
    """Refusing a return for good."""

    @takes_key()
    @extend_schema(
        operation_id="operator_return_refuse",
        summary="Decide that a shop need not take a return",
        tags=TAGS,
        request=DecisionInput,
        responses={200: ReturnOutput, 400: INVALID, **examples.SHOP_REFUSALS},
        examples=[sent("Why", {"reason": WHY}), answer("The return", {**examples.MARKETS, "status": "rejected"})],
    )
    def post(self, request: Request, return_id: UUID) -> Response:
        """Refuse an escalated return for good."""
        return _decide(request, return_id, Move.REFUSE)


class OperatorReturnReceiveApi(OperatorApi):
    """Paying a return back."""

    @takes_key()
    @extend_schema(
        operation_id="operator_return_receive",
        summary="Pay a return back",
        tags=TAGS,
        request=PayReturnInput,
        responses={200: ReturnOutput, 400: INVALID, **examples.RECEIVE_REFUSALS},
        examples=[sent("Why", {"reason": WHY}), answer("The return", {**examples.MARKETS, "status": "received"})],
    )
    def post(self, request: Request, return_id: UUID) -> Response:
        """Pay an escalated return back without its items, or an accepted one of which the shop records no arrival."""
        asked = checked(PayReturnInput, request.data)
        pay_return(
            return_id=return_id,
            delivery_minor=asked.get("delivery_minor") or 0,
            actor_id=signed_in_user(request).pk,
            reason=asked["reason"],
            now=timezone.now(),
        )
        return Response(_shown(return_id))


class OperatorReturnPhotoApi(OperatorApi):
    """A photo of a return."""

    @extend_schema(
        operation_id="operator_return_photo_read",
        summary="Fetch a photo of a return",
        tags=TAGS,
        parameters=[LOCATION],
        responses={**examples.PHOTO_FILE, 404: examples.NO_RETURN},
    )
    def get(self, _request: Request, photo_id: UUID) -> Any:
        """Return the picture."""
        return photo_response(any_photo(photo_id=photo_id))


def _decide(request: Request, return_id: UUID, move: Move) -> Response:
    asked = checked(AcceptReturnInput if move == Move.ACCEPT else DecisionInput, request.data)
    decide_return(
        return_id=return_id,
        move=move,
        actor_id=signed_in_user(request).pk,
        reason=asked["reason"],
        refunds_instead=asked.get("refunds_instead", False),
        now=timezone.now(),
    )
    return Response(_shown(return_id))


def _shown(return_id: UUID) -> Any:
    return ReturnOutput(get_any_return(return_id=return_id), context=CONTEXT).data
