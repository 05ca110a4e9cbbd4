"""One's own memberships, and the invitations that wait for one's answer."""

from http import HTTPStatus
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import signed_in_user
from accounts.selectors import is_email_verified
from kit.api.bodies import without_body
from kit.api.envelope import ErrorEnvelope
from kit.api.idempotent import takes_key
from kit.api.refusals import refusal
from tenants.errors import AlreadyMemberError, EmailUnconfirmedError, InvitationNotFoundError, InvitationSpentError
from tenants.serializers import INVITATION, MEMBERSHIP, OwnInvitationOutput, OwnMembershipOutput
from tenants.shops.selectors import memberships_of
from tenants.staff.invitations import accept_own_invitation, decline_own_invitation
from tenants.staff.selectors import invitations_for

TAGS = ["Working in shops"]
NOT_FOUND = refusal("No such invitation was sent to your address.", InvitationNotFoundError)
UNCONFIRMED = refusal("Your address has not been confirmed.", EmailUnconfirmedError)
SPENT = refusal("It has expired, was answered or withdrawn.", InvitationSpentError)
MEMBER = refusal("You work there already.", AlreadyMemberError)
SPENT_OR_MEMBER = OpenApiResponse(
    ErrorEnvelope, "It can't be accepted any more.", examples=[*SPENT.examples, *MEMBER.examples]
)


class OwnMembershipListApi(APIView):
    """List the shops in which the caller works."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="memberships_list",
        tags=TAGS,
        summary="List the shops where you work",
        responses=OwnMembershipOutput(many=True),
        examples=[OpenApiExample("One shop", value=[MEMBERSHIP], response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """Return your memberships with your role in each, by the shop's name."""
        return Response(OwnMembershipOutput(memberships_of(signed_in_user(request)), many=True).data)


class OwnInvitationListApi(APIView):
    """Open invitations."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="invitations_list",
        tags=TAGS,
        summary="List the invitations that you can accept",
        responses=OwnInvitationOutput(many=True),
        examples=[OpenApiExample("One invitation", value=[INVITATION], response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """Return the invitations to your address, once you have confirmed it, newest first."""
        user = signed_in_user(request)
        found = invitations_for(email=user.email, now=timezone.now()) if is_email_verified(user=user) else []
        return Response(OwnInvitationOutput(found, many=True).data)


class AcceptInvitationApi(APIView):
    """Accepting."""

    permission_classes = (IsAuthenticated,)

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="invitation_accept",
        tags=TAGS,
        summary="Accept an invitation",
        responses={
            201: OwnMembershipOutput,
            403: UNCONFIRMED,
            404: NOT_FOUND,
            409: SPENT_OR_MEMBER,
        },
        examples=[OpenApiExample("The membership", value=MEMBERSHIP, response_only=True, status_codes=["201"])],
    )
    def post(self, request: Request, invitation_id: UUID) -> Response:
        """Start to work in the shop."""
        membership = accept_own_invitation(
            invitation_id=invitation_id, user_id=signed_in_user(request).pk, now=timezone.now()
        )
        return Response(OwnMembershipOutput(membership).data, status=HTTPStatus.CREATED)


class DeclineInvitationApi(APIView):
    """Declining."""

    permission_classes = (IsAuthenticated,)

    @takes_key()
    @without_body
    @extend_schema(
        operation_id="invitation_decline",
        tags=TAGS,
        summary="Decline an invitation",
        responses={204: None, 403: UNCONFIRMED, 404: NOT_FOUND, 409: SPENT},
    )
    def post(self, request: Request, invitation_id: UUID) -> Response:
        """Decline an invitation; the shop can send another."""
        decline_own_invitation(invitation_id=invitation_id, user_id=signed_in_user(request).pk, now=timezone.now())
        return Response(status=HTTPStatus.NO_CONTENT)
