"""Addresses to which providers post their events."""

from django.urls import path

from webhooks.views import receive

app_name = "webhooks"
urlpatterns = [path("<slug:provider>/", receive, name="receive")]
