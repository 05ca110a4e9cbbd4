"""Bulk jobs of all shops, and shops' traffic, as operators see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from kit.models import BulkJob
from tenants.hosts.request_counts import Traffic, busiest_shops
from tenants.models import Shop


def list_bulk_jobs(*, state: str = "", shop_id: int | None = None) -> "QuerySet[BulkJob]":
    """Return bulk jobs, newest first."""
    jobs = BulkJob.objects.order_by("-id")
    if state:
        jobs = jobs.filter(state=state)
    return jobs if shop_id is None else jobs.filter(shop_id=shop_id)


def shops_by_id(ids: Sequence[int | None]) -> dict[int, Shop]:
    """Return shops, gone ones left out."""
    return Shop.objects.in_bulk([shop_id for shop_id in ids if shop_id is not None])


@dataclass(frozen=True, slots=True)
class BusyShop:
    """A shop with its requests of the last hour."""

    shop: Shop
    traffic: Traffic


def busy_shops() -> list[BusyShop]:
    """Return the shops that asked most in the last hour, and those that were refused."""
    found = busiest_shops()
    shops = shops_by_id([traffic.shop_id for traffic in found])
    return [BusyShop(shops[traffic.shop_id], traffic) for traffic in found if traffic.shop_id in shops]
