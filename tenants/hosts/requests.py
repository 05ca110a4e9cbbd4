"""Requests that have passed the host routing."""

from django.http import HttpRequest

from tenants.database.connections import HasSchema
from tenants.hosts.request_counts import Verdict
from tenants.models import Shop


class RoutedRequest(HttpRequest):
    """A request on any host; `shop` is None on the platform's."""

    shop: Shop | None
    tenant: HasSchema
    urlconf: str


class ShopRequest(RoutedRequest):
    """A request on a shop's host."""

    shop: Shop
    is_counted_as_members: bool
    limit_verdict: Verdict | None
