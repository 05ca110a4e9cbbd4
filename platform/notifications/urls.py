"""Notification pages."""

from django.urls import path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="list"),
    path("read/", views.read_all, name="read-all"),
    path("<int:notification_id>/read/", views.read, name="read"),
]
