"""Operators see what shops take from each other, and act on it with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from console.models import AuditEntry
from kit.models import BulkJob, BulkState
from tenants.hosts.request_counts import count_request
from tenants.models import Shop
from tests.world.clock import NOW
from tests.world.market import open_shop

pytestmark = pytest.mark.django_db
WHY = {"reason": "Asked for on the phone"}


@pytest.fixture
def shop() -> Shop:
    return open_shop("indigo-fabrics")


@pytest.fixture
def console(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


def job(shop: Shop, state: BulkState = BulkState.QUEUED, **more: Any) -> BulkJob:
    is_over = state not in {BulkState.QUEUED, BulkState.RUNNING}
    finished = NOW + timedelta(hours=1) if is_over else None
    made = {"kind": "catalogue.stock_import", "total": 900, "done": 500, "cursor": 501, **more}
    return BulkJob.objects.create(shop_id=shop.pk, state=state, created_at=NOW, finished_at=finished, **made)


def test_jobs_are_listed_by_state_and_shop(console: Client, shop: Shop) -> None:
    assert "No bulk jobs yet" in console.get("/operator/bulk-jobs/").content.decode()
    other = open_shop("copper-kitchen")
    job(shop, BulkState.FAILED, last_error="Out of ink")
    job(other)
    page = console.get("/operator/bulk-jobs/?state=failed").content.decode()
    assert "Indigo Fabrics" in page
    assert "Copper Kitchen" not in page
    page = console.get("/operator/bulk-jobs/?shop=copper-kitchen").content.decode()
    assert "Copper Kitchen" in page
    assert "Indigo Fabrics" not in page
    assert "No job matches" in console.get("/operator/bulk-jobs/?shop=nobody").content.decode()
    assert "Bulk job that failed" in console.get("/operator/").content.decode()


def test_a_failed_job_is_tried_again_with_a_reason(console: Client, shop: Shop, operator: User) -> None:
    failed = job(shop, BulkState.FAILED, last_error="Out of ink")
    address = f"/operator/bulk-jobs/{failed.pk}/"
    page = console.get(address).content.decode()
    assert "Out of ink" in page
    assert "Try again" in page
    console.post(f"{address}retry/", {"reason": ""})
    failed.refresh_from_db()
    assert (failed.state, AuditEntry.objects.count()) == (BulkState.FAILED, 0)
    console.post(f"{address}retry/", WHY)
    failed.refresh_from_db()
    assert (failed.state, failed.cursor, failed.last_error) == (BulkState.QUEUED, 501, "")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.reason) == ("bulk.retried", f"bulk:{failed.pk}", WHY["reason"])
    assert entry.actor == operator
    assert address in console.get("/operator/audit-log/").content.decode()
    console.post(f"{address}retry/", WHY)
    assert AuditEntry.objects.count() == 1


def test_a_job_is_stopped_with_a_reason(console: Client, shop: Shop) -> None:
    running = job(shop)
    address = f"/operator/bulk-jobs/{running.pk}/"
    assert "Stop this job" in console.get(address).content.decode()
    console.post(f"{address}cancel/", WHY)
    running.refresh_from_db()
    assert running.state == BulkState.CANCELLED
    assert AuditEntry.objects.get().action == "bulk.cancelled"
    page = console.get(address).content.decode()
    assert WHY["reason"] in page
    assert "Stop this job" not in page
    assert console.get(f"/operator/bulk-jobs/{uuid4()}/").status_code == 404
    assert console.post(f"/operator/bulk-jobs/{uuid4()}/cancel/", WHY).status_code == 404


def test_the_busiest_shops_and_their_refusals_are_shown(console: Client, shop: Shop) -> None:
    assert "A quiet hour" in console.get("/operator/traffic/").content.decode()
    for _ in range(3):
        count_request(shop_id=shop.pk, limit=2)
    page = console.get("/operator/traffic/").content.decode()
    assert "Indigo Fabrics" in page
    assert ">3<" in page
    assert "/operator/traffic/indigo-fabrics/" in page


def test_a_shop_s_limit_is_changed_with_a_reason(console: Client, shop: Shop) -> None:
    address = "/operator/traffic/indigo-fabrics/"
    for wrong in ({"requests_per_minute": "500"}, {"requests_per_minute": "3", **WHY}):
        assert console.post(address, wrong).status_code == 400
        shop.refresh_from_db()
        assert (shop.rate_limit_per_minute, AuditEntry.objects.count()) == (None, 0)
    assert console.post(address, {"requests_per_minute": "500", **WHY}).status_code == 302
    shop.refresh_from_db()
    assert shop.rate_limit_per_minute == 500
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject, entry.details) == (
        "shop.limit_changed", "shop:indigo-fabrics", {"before": None, "after": 500},
    )  # fmt: skip
    page = console.get(address).content.decode()
    assert "Its own" in page
    assert WHY["reason"] in page
    console.post(address, {"requests_per_minute": "", **WHY})
    shop.refresh_from_db()
    assert shop.rate_limit_per_minute is None
    assert console.get("/operator/traffic/nobody/").status_code == 404
