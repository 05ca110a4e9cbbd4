"""The notification API, under `/api/v1/`."""

from django.urls import path

from notifications.api import inbox, preferences

urlpatterns = [
    path("notifications/", inbox.NotificationListApi.as_view(), name="notifications-api"),
    path("notifications/read/", inbox.MarkAllReadApi.as_view(), name="notifications-api-read-all"),
    path("notifications/<int:notification_id>/read/", inbox.MarkReadApi.as_view(), name="notifications-api-read"),
    path("notification-preferences/", preferences.PreferencesApi.as_view(), name="notification-preferences-api"),
]
