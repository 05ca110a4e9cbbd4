"""Archives that a shop's owner requests from the dashboard: made by a worker, kept for a week, notified by e-mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django_tenants.utils import get_public_schema_name, schema_context

from accounts.selectors import get_user
from accounts.services.languages import speaking_to
from kit.db.roles import as_platform
from kit.files import Folder
from kit.work import leased, rounds
from kit.work.jobs import enqueue
from notifications.services import notify, queue_email
from tenants.archives.export import export_shop
from tenants.archives.media import workspace
from tenants.archives.parts import Advance
from tenants.errors import ExportExpiredError, ExportNotFoundError, ExportRunningError
from tenants.models import ExportState, ShopEventKind, ShopExport
from tenants.shops.addresses import shop_url
from tenants.shops.audit_trail import record_event
from tenants.shops.files import shop_exports

KEPT_FOR = timedelta(days=7)
SHOWN = 10
STEP = 20  # pictures between two words on how far it is
EXPORTS = leased.Kind(
    model=ShopExport,
    lease=timedelta(minutes=6),  # longer than a task may run
    back_off=leased.BackOff(first=timedelta(minutes=1), cap=timedelta(minutes=10), attempts=3),
    waiting=lambda _: Q(state__in=[ExportState.QUEUED, ExportState.RUNNING]),
    given_up=lambda _: {"state": ExportState.FAILED},
    claimed={"state": ExportState.RUNNING, "done": 0, "total": 0},
    put_off={"state": ExportState.QUEUED},
)


@as_platform()
def request_export(*, shop_id: int, actor_id: int, now: datetime) -> ShopExport:
    """Ask for a shop's archive.

    Raises:
        ExportRunningError: one is being made already.
    """
    try:
        with transaction.atomic():
            export = ShopExport.objects.create(shop_id=shop_id, asked_by_id=actor_id, created_at=now)
            record_event(shop_id=shop_id, actor_id=actor_id, kind=ShopEventKind.EXPORT_ASKED, now=now)
            enqueue("tenants.tasks.make_export", export_id=str(export.pk))
    except IntegrityError as error:
        raise ExportRunningError from error
    return export


@as_platform()
def list_exports(*, shop_id: int) -> list[ShopExport]:
    """Return a shop's latest exports, newest first."""
    return list(ShopExport.objects.filter(shop_id=shop_id).select_related("asked_by").order_by("-id")[:SHOWN])


@as_platform()
def get_export(*, shop_id: int, export_id: UUID) -> ShopExport:
    """Return an export of a shop.

    Raises:
        ExportNotFoundError: the shop has no such export.
    """
    found = ShopExport.objects.filter(shop_id=shop_id, pk=export_id).select_related("asked_by").first()
    if found is None:
        raise ExportNotFoundError
    return found


def find_archive(*, shop_id: int, export_id: UUID, actor_id: int, now: datetime) -> tuple[Folder, str]:
    """Return the folder and name of an archive that is downloaded now, and write that to the audit trail.

    Raises:
        ExportNotFoundError: the shop has no such export.
        ExportExpiredError: the file is not ready, or was deleted.
    """
    export = get_export(shop_id=shop_id, export_id=export_id)
    if export.state != ExportState.READY or export.expires_at is None or export.expires_at <= now:
        raise ExportExpiredError
    exports = shop_exports(shop_id)
    if not exports.exists(export.file):
        raise ExportExpiredError
    with transaction.atomic():
        record_event(shop_id=shop_id, actor_id=actor_id, kind=ShopEventKind.EXPORT_DOWNLOADED, now=now)
    return exports, export.file


def make_export(*, export_id: UUID, now: datetime) -> bool:
    """Make an archive, unless another worker makes it or it has ended; return whether it was made now."""
    with schema_context(get_public_schema_name()):
        claimed = leased.claim(EXPORTS, now=now, only=[export_id])
        return any(rounds.attempt(EXPORTS, export, lambda export: _make(export, now), now=now) for export in claimed)


def sweep_exports(*, now: datetime) -> None:
    """Queue again the exports that no worker makes, and delete expired ones."""
    for export in leased.due(EXPORTS, now=now):
        enqueue("tenants.tasks.make_export", export_id=str(export.pk))
    old = ShopExport.objects.filter(state=ExportState.READY, expires_at__lte=now).order_by("id")
    rounds.each_by_itself(old, _expire, name="Old export")


def _make(export: ShopExport, now: datetime) -> None:
    exports = shop_exports(export.shop_id)
    name = f"{exports.path}{export.pk}.zip"
    with workspace(f"export-{export.pk.hex}") as folder:
        done = export_shop(
            shop_id=export.shop_id,
            to=folder / "shop.zip",
            now=now,
            actor_id=export.asked_by_id,
            progress=_Told(export.pk),
        )
        exports.delete(name)
        with done.path.open("rb") as finished:
            exports.save(name, File(finished))
    _finish(export, name, done.size, now=timezone.now())


def _expire(export: ShopExport) -> None:
    shop_exports(export.shop_id).delete(export.file)
    ShopExport.objects.filter(pk=export.pk).update(state=ExportState.EXPIRED, file="")


class _Told:
    """Writer of the progress of an export's pictures; within the tables' transaction nothing can be written."""

    def __init__(self, export_id: UUID) -> None:
        self._rows = ShopExport.objects.filter(pk=export_id)

    @contextmanager
    def __call__(self, title: str, *, total: int) -> Iterator[Advance]:
        if title != "Pictures":
            yield lambda: None
            return
        self._rows.update(total=total)
        done = 0

        def advance() -> None:
            nonlocal done
            done += 1
            if done % STEP == 0:
                self._rows.update(done=done)

        yield advance
        self._rows.update(done=total)


def _finish(export: ShopExport, name: str, size: int, *, now: datetime) -> None:
    with transaction.atomic():
        ready = {"file": name, "size": size, "ready_at": now, "expires_at": now + KEPT_FOR}
        leased.done(EXPORTS, export, now=now, state=ExportState.READY, **ready)
        if export.asked_by_id is None:
            return
        person, link = get_user(user_id=export.asked_by_id), shop_url(export.shop, "/dashboard/settings/export/")
        if not person.is_active:
            return
        context = {"shop": export.shop, "link": link, "expires_at": now + KEPT_FOR}
        key = f"shop-export:{export.pk}"
        with speaking_to(user_id=person.pk):
            queue_email(
                to=person.email,
                template="shop_export_ready",
                context=context,
                dedup_key=key,
                now=now,
                user_id=person.pk,
            )
            notify(
                user_id=person.pk,
                kind="shop.export_ready",
                title=(gettext("The export of %(shop)s is ready") % {"shop": export.shop.name}),
                body=gettext("It can be downloaded for seven days."),
                url=link,
                dedup_key=key,
                now=now,
            )
