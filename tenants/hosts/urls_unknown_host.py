"""Addresses on a host that leads to no shop."""

from django.urls import re_path

from tenants.hosts.views import unknown_host

urlpatterns = [re_path(r"", unknown_host, name="unknown_host")]
