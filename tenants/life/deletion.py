"""Deleting a shop's data for good; what others need of it stays (docs/lifecycle.md)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.utils.translation import gettext, gettext_noop
from django_tenants.utils import get_public_schema_name, schema_context
from psycopg import errors, sql

from kit.db.sql import SCHEMA_NAME, execute
from kit.errors import InvalidInputError
from kit.work.jobs import enqueue
from kit.work.rounds import each_by_itself
from tenants.database.roles import drop_shop_role
from tenants.errors import ShopBusyError, ShopStatusError
from tenants.life.hooks import Stage, obstacles_to
from tenants.life.lifecycle import check_transition
from tenants.life.status_changes import write
from tenants.models import Domain, DomainClaim, Invitation, Membership, MigrationFailure, Shop, ShopStatus
from tenants.schemas.look_up import lock_tables
from tenants.shops.files import shop_media
from tenants.shops.selectors import lock_shop

LOCK_TIMEOUT = "5s"  # for its row and tables; a shop that is still read or edited is deleted later
MEDIA_SWEPT_FOR = timedelta(days=7)
# The shop's row stays, so that its address is never another's and orders know whom they were bought from.
FORGOTTEN: dict[str, Any] = {
    "tagline": "",
    "description": "",
    "banner": "",
    "logo": "",
    "delivery_policy": "",
    "returns_policy": "",
    "contact_email": "",
    "contact_phone": "",
}


def delete_shop(*, shop_id: int, actor_id: int | None, reason: str, now: datetime, force: bool = False) -> Shop:
    """Drop a shop's schema and delete its members and hosts, in the transaction that marks it deleted.

    Orders, ledger and audit trails stay as they are. Pictures are deleted after the commit, and again by a sweeper for
    what a killed process has left.

    Args:
        force: in any status of the shop and with any balance; for operators at the command line, who
            give a reason.

    Raises:
        ShopNotFoundError: there is no such shop.
        ShopStatusError: it is not closed, or deleted already.
        ShopBusyError: something is left to do, such as paying it out; `details` lists what.
        InvalidInputError: it is forced without a reason.
    """
    if force and not reason.strip():
        raise InvalidInputError(details={"reason": [gettext("Say why it is deleted regardless.")]})
    with _not_in_use(), transaction.atomic(), schema_context(get_public_schema_name()):
        execute(sql.SQL("SELECT set_config('lock_timeout', %s, true)"), [LOCK_TIMEOUT])
        shop = lock_shop(shop_id=shop_id)
        _check(shop, force=force)
        _drop_schema(shop.schema_name)
        drop_shop_role(shop_id=shop.pk)
        deleted = write(shop, before=shop.status, changes=_tombstone(now), actor_id=actor_id, reason=reason, now=now)
        for model in (Domain, DomainClaim, Membership, Invitation, MigrationFailure):
            of_shop = {"tenant_id": shop.pk} if model is Domain else {"shop_id": shop.pk}
            model._default_manager.filter(**of_shop).delete()  # noqa: SLF001 - documented
        enqueue("tenants.tasks.delete_shop_media", shop_id=shop.pk)
    return deleted


def mark_restored(*, shop_id: int, actor_id: int | None, reason: str, delete_after: datetime, now: datetime) -> Shop:
    """Call a deleted shop closed again; for who has put its schema back in the same transaction.

    Raises:
        ShopNotFoundError: there is no such shop.
        ShopStatusError: it is not deleted.
    """
    with transaction.atomic():
        shop = lock_shop(shop_id=shop_id)
        if shop.status != ShopStatus.DELETED:
            raise ShopStatusError(
                gettext("This shop is not deleted, it is %(status)s.") % {"status": shop.get_status_display().lower()}
            )
        changes = {"status": ShopStatus.CLOSED, "status_at": now, "delete_after": delete_after}
        return write(shop, before=shop.status, changes=changes, actor_id=actor_id, reason=reason, now=now)


def delete_due_shops(*, now: datetime) -> int:
    """Delete closed shops whose time is over; return the number of deleted shops.

    Shops with open work or locked tables are left for the next run, with a line in the log.
    """
    due = Shop.objects.filter(status=ShopStatus.CLOSED, delete_after__lte=now).order_by("pk")
    shop_ids = list(due.values_list("pk", flat=True))
    reason = gettext_noop("Its time as an archive is over.")
    return each_by_itself(
        shop_ids, lambda shop_id: delete_shop(shop_id=shop_id, actor_id=None, reason=reason, now=now), name="Due shop"
    )


def delete_media(*, shop_id: int) -> int:
    """Delete the files of a deleted shop, and of no other one; return their number."""
    if not Shop.objects.filter(pk=shop_id, status=ShopStatus.DELETED).exists():
        return 0
    return sum(folder.delete(name) for folder in (shop_media(shop_id),) for name in list(folder.names()))


def sweep_media(*, now: datetime) -> int:
    """Delete files of deleted shops that remain because a process was killed after the commit."""
    recent = Shop.objects.filter(status=ShopStatus.DELETED, status_at__gte=now - MEDIA_SWEPT_FOR).order_by("pk")
    counts: list[int] = []
    shop_ids = list(recent.values_list("pk", flat=True))
    each_by_itself(shop_ids, lambda shop_id: counts.append(delete_media(shop_id=shop_id)), name="Files of deleted shop")
    return sum(counts)


def _check(shop: Shop, *, force: bool) -> None:
    if shop.status == ShopStatus.DELETED:
        raise ShopStatusError(gettext("This shop is deleted already."))
    if force:
        return
    check_transition(shop, ShopStatus.DELETED)
    if left := [*obstacles_to(Stage.CLOSED, shop), *obstacles_to(Stage.DELETED, shop)]:
        raise ShopBusyError(" ".join(left), details={"left": left})


@contextmanager
def _not_in_use() -> Iterator[None]:
    """Raise a clear error where another connection reads or changes a shop that is to be deleted."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, (errors.LockNotAvailable, errors.DeadlockDetected)):
            raise ShopBusyError(gettext("This shop is in use at the moment. Try again in a minute.")) from error
        raise


def _drop_schema(schema_name: str) -> None:
    if not SCHEMA_NAME.fullmatch(schema_name) or not schema_name.startswith("shop_"):
        raise ValueError(f"{schema_name!r} is not the schema of a shop.")
    lock_tables(schema_name, "ACCESS EXCLUSIVE")
    execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema_name)))


def _tombstone(now: datetime) -> dict[str, Any]:
    return {
        **FORGOTTEN,
        "status": ShopStatus.DELETED,
        "status_at": now,
        "status_note": "",
        "status_before": "",
        "returns_on": None,
        "closes_at": None,
        "delete_after": None,
        "primary_host": None,
    }
