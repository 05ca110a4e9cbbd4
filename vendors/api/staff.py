"""Staff, invitations and activity over the API."""

from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import signed_in_user
from kit.api.envelope import located
from kit.api.idempotent import takes_key
from kit.api.input import FeedQuery, query_of
from kit.api.lists import feed_body, feed_place
from kit.api.openapi import INVALID
from kit.api.refusals import CHANGED_MEANWHILE, answer, refusal, sent
from kit.db.keyset import read_slice
from kit.web.versions import IF_MATCH, entity_tag, sent_tags, telling_the_current
from tenants.capabilities import LEAVE_SHOP, MANAGE_STAFF, VIEW_ACTIVITY, VIEW_STAFF
from tenants.errors import (
    AlreadyMemberError,
    InvitationNotFoundError,
    InvitationSpentError,
    LastOwnerError,
    NotStaffError,
    TooManyInvitationsError,
)
from tenants.models import Role, ShopEventKind
from tenants.shops.activity import EventFilter, events_query
from tenants.shops.selectors import members_of
from tenants.staff.invitations import invite_member, revoke_invitation
from tenants.staff.locks import get_member, member_version
from tenants.staff.members import change_role, leave_shop, remove_member
from tenants.staff.selectors import invitations_of
from vendors.access import StaffApi, shop_of
from vendors.serializers.staff import (
    ActivityFeedOutput,
    ActivityOutput,
    InvitationInput,
    InvitationOutput,
    MemberOutput,
    RoleInput,
)

TAGS = ["Staff"]
LAST_OWNER: OpenApiResponse = refusal("The shop would have no owner.", LastOwnerError)
NO_MEMBER: OpenApiResponse = refusal("No member of this shop has this id.", NotStaffError)
MEMBER = {
    "id": 7,
    "name": "Bola Ade",
    "email": "bola@example.com",
    "role": "manager",
    "version": '"5f1d7a84db00e2f0a4c7"',
    "joined_at": "2025-11-20T13:05:00.000Z",
}
INVITATION = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11",
    "email": "chidi@example.com",
    "role": "fulfilment",
    "invited_by": "Bola Ade",
    "created_at": "2025-11-20T13:05:00.000Z",
    "expires_at": "2025-11-27T13:05:00.000Z",
}
EVENT = {
    "id": 41,
    "kind": "member.role_changed",
    "title": "Role changed",
    "actor_email": "bola@example.com",
    "subject": "chidi@example.com",
    "text": "Viewer → Fulfilment",
    "details": {"before": "viewer", "after": "fulfilment"},
    "request_id": "6f1c2a9e7b3d4c58",
    "created_at": "2025-11-20T13:05:00.000Z",
}


class MemberListApi(StaffApi):
    """The shop's people."""

    capabilities: ClassVar = {"GET": VIEW_STAFF}

    @extend_schema(
        operation_id="members_list",
        summary="List who works here",
        tags=TAGS,
        responses=MemberOutput(many=True),
        examples=[answer("One person", [MEMBER])],
    )
    def get(self, request: Request) -> Response:
        """Return the shop's staff, longest-serving first."""
        return Response(MemberOutput(members_of(shop_id=shop_of(request).pk), many=True).data)


class MemberApi(StaffApi):
    """One person's work here."""

    capabilities: ClassVar = {"PATCH": MANAGE_STAFF, "DELETE": MANAGE_STAFF}

    @extend_schema(
        operation_id="member_update",
        summary="Change a member's role",
        tags=TAGS,
        request=RoleInput,
        parameters=[IF_MATCH],
        responses={200: MemberOutput, 404: NO_MEMBER, 409: LAST_OWNER, 412: CHANGED_MEANWHILE},
        examples=[sent("Another role", {"role": "manager"}), answer("The person", MEMBER)],
    )
    def patch(self, request: Request, member_id: int) -> Response:
        """Give a member another role; it applies from their next request on."""
        data = RoleInput(data=request.data)
        data.is_valid(raise_exception=True)
        shop_id = shop_of(request).pk
        with telling_the_current(lambda: MemberOutput(get_member(shop_id=shop_id, member_id=member_id)).data):
            member = change_role(
                shop_id=shop_id,
                member_id=member_id,
                role=Role(data.validated_data["role"]),
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return Response(MemberOutput(member).data, headers={"ETag": entity_tag(member_version(member))})

    @extend_schema(
        operation_id="member_remove",
        summary="Remove a member",
        tags=TAGS,
        parameters=[IF_MATCH],
        responses={204: None, 404: NO_MEMBER, 409: LAST_OWNER, 412: CHANGED_MEANWHILE},
    )
    def delete(self, request: Request, member_id: int) -> Response:
        """Remove a member at once; invitations that they sent are withdrawn."""
        shop_id = shop_of(request).pk
        with telling_the_current(lambda: MemberOutput(get_member(shop_id=shop_id, member_id=member_id)).data):
            remove_member(
                shop_id=shop_id,
                member_id=member_id,
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_tags(request),
            )
        return Response(status=HTTPStatus.NO_CONTENT)


class OwnMembershipApi(StaffApi):
    """One's own work here."""

    capabilities: ClassVar = {"DELETE": LEAVE_SHOP}

    @extend_schema(
        operation_id="member_leave",
        summary="Leave the shop",
        tags=TAGS,
        responses={204: None, 409: LAST_OWNER},
    )
    def delete(self, request: Request) -> Response:
        """End your own work here; the last owner can't."""
        leave_shop(shop_id=shop_of(request).pk, user_id=signed_in_user(request).pk, now=timezone.now())
        return Response(status=HTTPStatus.NO_CONTENT)


class InvitationListApi(StaffApi):
    """Invitations."""

    capabilities: ClassVar = {"GET": VIEW_STAFF, "POST": MANAGE_STAFF}

    @extend_schema(
        operation_id="invitations_list",
        summary="List invitations that wait for an answer",
        tags=TAGS,
        responses=InvitationOutput(many=True),
        examples=[answer("One invitation", [INVITATION])],
    )
    def get(self, request: Request) -> Response:
        """Return unanswered invitations, expired ones too, newest first."""
        return Response(InvitationOutput(invitations_of(shop_id=shop_of(request).pk), many=True).data)

    @takes_key()
    @extend_schema(
        operation_id="invitation_create",
        summary="Invite a member",
        tags=TAGS,
        request=InvitationInput,
        responses={
            201: InvitationOutput,
            409: refusal("They work here already.", AlreadyMemberError),
            429: refusal("Too many are open, or were sent today.", TooManyInvitationsError),
        },
        examples=[
            sent("A colleague", {"email": "chidi@example.com", "role": "fulfilment"}),
            answer("The invitation", INVITATION, status=201),
        ],
    )
    def post(self, request: Request) -> Response:
        """Send an invitation by e-mail; a second one takes the place of the first, whose link stops working."""
        data = InvitationInput(data=request.data)
        data.is_valid(raise_exception=True)
        invitation = invite_member(
            shop_id=shop_of(request).pk,
            email=data.validated_data["email"],
            role=Role(data.validated_data["role"]),
            invited_by_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
        headers = located(f"{request.path}{invitation.pk}/")
        return Response(InvitationOutput(invitation).data, status=HTTPStatus.CREATED, headers=headers)


class InvitationApi(StaffApi):
    """One invitation."""

    capabilities: ClassVar = {"DELETE": MANAGE_STAFF}

    @extend_schema(
        operation_id="invitation_revoke",
        summary="Withdraw an invitation",
        tags=TAGS,
        responses={
            204: None,
            404: refusal("The shop has sent no such invitation.", InvitationNotFoundError),
            409: refusal("It was answered already.", InvitationSpentError),
        },
    )
    def delete(self, request: Request, invitation_id: UUID) -> Response:
        """Withdraw an invitation; its link stops working."""
        revoke_invitation(
            shop_id=shop_of(request).pk,
            invitation_id=invitation_id,
            revoked_by_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
        return Response(status=HTTPStatus.NO_CONTENT)


class ActivityQuery(FeedQuery):
    """Filter of the audit trail."""

    kind = serializers.ChoiceField(required=False, default="", choices=ShopEventKind.choices)


class ActivityApi(StaffApi):
    """The audit trail."""

    query_class = ActivityQuery
    capabilities: ClassVar = {"GET": VIEW_ACTIVITY}

    @extend_schema(
        operation_id="activity_list",
        summary="Read what was done, and by whom",
        tags=["Activity"],
        responses={200: ActivityFeedOutput, 400: INVALID},
        examples=[answer("Some of them", {"next": None, "previous": None, "results": [EVENT]})],
    )
    def get(self, request: Request) -> Response:
        """Return the shop's audit trail, newest first."""
        asked = query_of(request)
        found = read_slice(
            events_query(shop_id=shop_of(request).pk, wanted=EventFilter(kind=asked["kind"])), **feed_place(request)
        )
        return Response(feed_body(request, found, results=ActivityOutput(found.rows, many=True).data))
