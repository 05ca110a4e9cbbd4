"""Addresses to which providers post their events."""

from django.urls import path

from webhooks.views import approve, receive

app_name = "webhooks"
urlpatterns = [
    path("<slug:provider>/", receive, name="receive"),
    path("<slug:provider>/approval/", approve, name="approval"),
]
