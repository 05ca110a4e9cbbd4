"""The notification API, under `/api/v1/notifications/`."""

from django.urls import path

from notifications import api

urlpatterns = [
    path("", api.NotificationListApi.as_view(), name="notifications-api"),
    path("read/", api.MarkAllReadApi.as_view(), name="notifications-api-read-all"),
    path("<int:notification_id>/read/", api.MarkReadApi.as_view(), name="notifications-api-read"),
]
