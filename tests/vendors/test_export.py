"""The owner asks for the shop's data, and nobody else gets it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from kit.ids import uuid7
from kit.work import leased
from tenants.archives import jobs
from tenants.archives.jobs import make_export, request_export, sweep_exports
from tenants.errors import ExportRunningError
from tenants.models import ExportState, Role, Shop, ShopEvent, ShopEventKind, ShopExport
from tenants.staff.members import add_member
from tests.world.clock import NOW
from tests.world.market import stock

pytestmark = pytest.mark.usefixtures("live_database")
PAGE = "/dashboard/settings/export/"
Clients = Callable[[Shop], Client]


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture
def owner(shops: list[Shop], shop_client: Clients) -> Client:
    """The owner of the first shop, which sells something, in a browser."""
    stock(shops[0])
    return signed_in(shop_client(shops[0]), "fabrics@example.com")


def signed_in(client: Client, email: str) -> Client:
    from accounts.models import User

    client.force_login(User.objects.get(email=email))
    return client


def test_the_owner_asks_waits_and_downloads(shops: list[Shop], owner: Client) -> None:
    assert "No exports yet" in owner.get(PAGE).content.decode()
    assert owner.post(PAGE).status_code == 302
    export = ShopExport.objects.get()
    assert (export.state, export.shop_id) == (ExportState.READY, shops[0].pk)
    assert "Download" in owner.get(PAGE).content.decode()
    response = owner.get(f"{PAGE}{export.pk}/download/")
    assert response["Content-Disposition"].startswith('attachment; filename="indigo-fabrics-')
    with zipfile.ZipFile(io.BytesIO(body_of(response))) as archive:
        assert "shop/catalogue_product.csv" in archive.namelist()
    assert [letter.subject for letter in mail.outbox] == ["The export of Indigo Fabrics is ready"]
    kinds = list(ShopEvent.objects.filter(shop_id=shops[0].pk).order_by("id").values_list("kind", flat=True))
    assert [kind for kind in kinds if "export" in kind] == [
        ShopEventKind.EXPORT_ASKED,
        ShopEventKind.EXPORTED,
        ShopEventKind.EXPORT_DOWNLOADED,
    ]


def test_only_owners(shops: list[Shop], owner: Client, shop_client: Clients, make_user: Callable[..., Any]) -> None:
    owner.post(PAGE)
    download = f"{PAGE}{ShopExport.objects.get().pk}/download/"
    assert shop_client(shops[0]).get(download).status_code == 302
    make_user("manager@example.com")
    manager = signed_in(shop_client(shops[0]), "manager@example.com")
    assert manager.get(download).status_code == 404
    from accounts.models import User

    add_member(
        shop_id=shops[0].pk, user_id=User.objects.get(email="manager@example.com").pk, role=Role.MANAGER, now=NOW
    )
    for path in (PAGE, download):
        assert manager.get(path).status_code == 403
    assert manager.post(PAGE).status_code == 403
    stranger = signed_in(shop_client(shops[0]), "kitchen@example.com")
    assert stranger.get(download).status_code == 404
    elsewhere = signed_in(shop_client(shops[1]), "kitchen@example.com")
    assert elsewhere.get(download).status_code == 404
    assert ShopExport.objects.count() == 1
    assert not ShopEvent.objects.filter(kind=ShopEventKind.EXPORT_DOWNLOADED).exists()


def test_over_the_api(shops: list[Shop], owner: Client, shop_api_client: Callable[[Shop], APIClient]) -> None:
    from accounts.models import User

    api = shop_api_client(shops[0])
    assert api.post("/api/v1/exports/").status_code == 401
    api.force_authenticate(User.objects.get(email="kitchen@example.com"))
    assert api.post("/api/v1/exports/").status_code == 403
    api.force_authenticate(User.objects.get(email="fabrics@example.com"))
    made = api.post("/api/v1/exports/")
    assert made.status_code == 202
    one = f"/api/v1/exports/{made.json()['data']['id']}/"
    assert api.get(one).json()["data"]["status"] == "ready"
    assert len(api.get("/api/v1/exports/").json()["data"]) == 1
    assert zipfile.is_zipfile(io.BytesIO(body_of(api.get(f"{one}file/"))))
    other = shop_api_client(shops[1])
    other.force_authenticate(User.objects.get(email="kitchen@example.com"))
    assert other.get(f"{one}file/").status_code == 404
    assert api.get(f"/api/v1/exports/{uuid4()}/").json()["code"] == "export_not_found"


def queued(shop: Shop, **more: Any) -> ShopExport:
    return ShopExport.objects.create(id=uuid7(), shop=shop, created_at=NOW, **more)


def test_one_at_a_time(shops: list[Shop], owner: Client) -> None:
    queued(shops[0])
    with pytest.raises(ExportRunningError):
        request_export(shop_id=shops[0].pk, actor_id=shops[0].memberships.get().user_id, now=NOW)
    owner.post(PAGE)
    assert ShopExport.objects.count() == 1


def test_what_a_dead_worker_left_is_taken_up(shops: list[Shop]) -> None:
    left = queued(shops[0], state=ExportState.RUNNING, attempts=1, leased_until=NOW + timedelta(minutes=6))
    sweep_exports(now=NOW + timedelta(minutes=5))
    assert ShopExport.objects.get(pk=left.pk).state == ExportState.RUNNING
    sweep_exports(now=timezone.now())
    assert ShopExport.objects.get(pk=left.pk).state == ExportState.READY
    assert make_export(export_id=left.pk, now=timezone.now()) is False
    lost = queued(shops[1], state=ExportState.RUNNING, attempts=3, leased_until=NOW)
    sweep_exports(now=timezone.now())
    lost.refresh_from_db()
    assert (lost.state, lost.last_error) == (ExportState.FAILED, leased.DIED)


def test_an_export_that_breaks_in_any_way_says_so_and_is_tried_again(
    shops: list[Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(**_: Any) -> None:
        raise LookupError("something strange")

    monkeypatch.setattr(jobs, "export_shop", break_down)
    export, now, states = queued(shops[0]), NOW, []
    for _ in range(3):
        assert not make_export(export_id=export.pk, now=now)
        export.refresh_from_db()
        assert (export.last_error, export.leased_until) == ("LookupError: something strange", None)
        states.append((export.state, export.attempts))
        assert export.due_at is not None
        now = export.due_at
    assert states == [("queued", 1), ("queued", 2), ("failed", 3)]


def test_after_a_week_it_is_gone(shops: list[Shop], owner: Client) -> None:
    owner.post(PAGE)
    export = ShopExport.objects.get()
    assert storages["private"].exists(export.file)
    sweep_exports(now=timezone.now() + timedelta(days=8))
    assert not storages["private"].exists(export.file)
    assert ShopExport.objects.get().state == ExportState.EXPIRED
    assert owner.get(f"{PAGE}{export.pk}/download/").status_code == 302


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"state": "ready"}, "shop_export_ready_has_file"),
        ({"state": "expired", "file": "x.zip"}, "shop_export_expired_has_none"),
        ({"state": "lost"}, "shop_export_state_known"),
    ],
)
def test_the_database_refuses_what_cannot_be(changes: dict[str, Any], constraint: str, shops: list[Shop]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        queued(shops[0], **changes)
    queued(shops[0])
    with pytest.raises(IntegrityError, match="shop_export_one_open_each"), transaction.atomic():
        queued(shops[0])
