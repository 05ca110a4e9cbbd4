"""The notification API."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import signed_in_user
from kit.api.bodies import without_body
from kit.api.input import PageQuery, query_of
from notifications import selectors, services
from notifications.models import Notification
from notifications.serializers import MarkedOutput, NotificationOutput

TAG = ["Notifications"]


class NotificationsQuery(PageQuery):
    """Filter of notifications."""

    unread = serializers.BooleanField(required=False, default=False, help_text="Only those that have not been read.")


class NotificationListApi(ListAPIView[Notification]):
    """The signed-in person's notifications."""

    query_class = NotificationsQuery
    permission_classes = (IsAuthenticated,)
    serializer_class = NotificationOutput
    queryset = Notification.objects.none()

    def get_queryset(self) -> QuerySet[Notification]:
        found = selectors.notifications_of(user_id=signed_in_user(self.request).pk)
        return found.filter(read_at__isnull=True) if query_of(self.request).get("unread") else found

    @extend_schema(
        tags=TAG,
        operation_id="notifications_list",
        summary="List notifications",
    )
    def get(self, request: Request) -> Response:
        """List the notifications, the newest first."""
        return self.list(request)


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
    )
    def post(self, request: Request) -> Response:
        """Mark every notification as read."""
        marked = services.mark_all_read(user_id=signed_in_user(request).pk, now=timezone.now())
        return Response({"marked": marked})
