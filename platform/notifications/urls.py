"""Notification pages."""

from django.urls import path

from notifications.views import inbox, preferences

app_name = "notifications"
urlpatterns = [
    path("", inbox.inbox, name="list"),
    path("read/", inbox.read_all, name="read-all"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("unsubscribe/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
    path("<int:notification_id>/read/", inbox.read, name="read"),
]
