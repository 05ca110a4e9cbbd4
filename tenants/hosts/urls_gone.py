"""Addresses on the host of a shop that was deleted."""

from django.urls import re_path

from tenants.hosts.views import gone

urlpatterns = [re_path(r"", gone, name="gone")]
