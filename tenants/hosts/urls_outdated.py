"""Addresses on the host of a shop whose schema is behind the code."""

from django.urls import re_path

from tenants.hosts.views import outdated

urlpatterns = [re_path(r"", outdated, name="outdated")]
