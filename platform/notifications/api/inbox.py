"""The notification API."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import signed_in_user
from kit.api.bodies import without_body
from kit.api.input import FeedQuery, query_of
from kit.api.lists import feed_body, feed_place
from kit.api.refusals import answer
from kit.db.keyset import read_slice
from notifications import selectors, services
from notifications.serializers import PAID, MarkedOutput, NotificationFeedOutput, NotificationOutput

TAG = ["Notifications"]


class NotificationsQuery(FeedQuery):
    """Filter of notifications."""

    unread = serializers.BooleanField(required=False, default=False, help_text="Only those that have not been read.")


class NotificationListApi(APIView):
    """The signed-in person's notifications."""

    query_class = NotificationsQuery
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        tags=TAG,
        operation_id="notifications_list",
        summary="List notifications",
        responses={200: NotificationFeedOutput},
        examples=[answer("A part of them", {"next": None, "previous": None, "unread_count": 1, "results": [PAID]})],
    )
    def get(self, request: Request) -> Response:
        """List the notifications, the newest first."""
        user_id = signed_in_user(request).pk
        theirs = selectors.notifications_of(user_id=user_id)
        if query_of(request)["unread"]:
            theirs = theirs.filter(read_at__isnull=True)
        found = read_slice(theirs, **feed_place(request))
        body = feed_body(request, found, results=NotificationOutput(found.rows, many=True).data)
        return Response(body | {"unread_count": selectors.unread_count(user_id=user_id)})


class MarkReadApi(APIView):
    """Mark one as read."""

    permission_classes = (IsAuthenticated,)

    @without_body
    @extend_schema(
        tags=TAG,
        operation_id="notification_mark_read",
        summary="Mark a notification as read",
        responses={200: NotificationOutput},
    )
    def post(self, request: Request, notification_id: int) -> Response:
        """Mark a notification as read; a second time changes nothing."""
        message = services.mark_read(
            user_id=signed_in_user(request).pk, notification_id=notification_id, now=timezone.now()
        )
        return Response(NotificationOutput(message).data)


class MarkAllReadApi(APIView):
    """Mark all as read."""

    permission_classes = (IsAuthenticated,)

    @without_body
    @extend_schema(
        operation_id="notifications_mark_read",
        tags=TAG,
        summary="Mark every notification as read",
        responses={200: MarkedOutput},
        examples=[answer("Done", {"marked": 3})],
    )
    def post(self, request: Request) -> Response:
        """Mark every notification as read."""
        marked = services.mark_all_read(user_id=signed_in_user(request).pk, now=timezone.now())
        return Response({"marked": marked})
