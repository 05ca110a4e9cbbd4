"""Addresses on a host that leads to no shop."""

from django.urls import re_path

from tenants.views import nowhere

urlpatterns = [re_path(r"", nowhere, name="nowhere")]
