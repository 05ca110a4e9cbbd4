"""Addresses on the host of a shop whose schema is missing."""

from django.urls import re_path

from tenants.hosts.views import unavailable

urlpatterns = [re_path(r"", unavailable, name="unavailable")]
