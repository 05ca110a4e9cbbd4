"""Acting on what one shop takes from the others: its limit, its bulk jobs."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from console.audit_actions import AuditAction
from console.audit_values import limits_in
from console.services.audit_log import record
from kit.models import BulkJob
from kit.web.versions import Seen, check_version, version_of
from kit.work import bulk
from tenants.models import Shop
from tenants.shops.profile import set_rate_limit
from tenants.shops.selectors import lock_shop

RATE_LIMIT_CHANGED = AuditAction(
    "shop.limit_changed",
    gettext_lazy("Shop’s limit changed"),
    gettext_lazy("%(who)s changed the requests a minute of the shop %(subject)s from %(before)s to %(after)s."),
    limits_in,
)
BULK_JOB_CANCELLED = AuditAction(
    "bulk.cancelled",
    gettext_lazy("Bulk job stopped"),
    gettext_lazy("%(who)s stopped the bulk job %(kind)s after %(done)s of %(total)s."),
)
BULK_JOB_RETRIED = AuditAction(
    "bulk.retried",
    gettext_lazy("Bulk job tried again"),
    gettext_lazy("%(who)s retried the bulk job %(kind)s, after %(done)s of %(total)s."),
)


def limit_version(shop: Shop) -> str:
    """Return the version of a shop's limit."""
    return version_of({"requests_per_minute": shop.rate_limit_per_minute})


def change_rate_limit(
    *,
    shop_id: int,
    requests_per_minute: int | None,
    actor_id: int,
    reason: str,
    now: datetime,
    seen: Seen = None,
) -> Shop:
    """Set a shop's limit of requests per minute, or reset it to the default.

    Args:
        seen: the versions that it may be made from; None: any version.

    Raises:
        ChangedMeanwhileError: it was made from another version; nothing is changed.
        ReasonMissingError: no reason was given.
        InvalidInputError: the limit is too low to work with.
    """
    with transaction.atomic():
        before = lock_shop(shop_id=shop_id)
        check_version(seen=seen, current=limit_version(before))
        changed = set_rate_limit(shop_id=shop_id, requests_per_minute=requests_per_minute)
        record(
            actor_id=actor_id,
            action=RATE_LIMIT_CHANGED,
            subject=f"shop:{before.slug}",
            reason=reason,
            details={"before": before.rate_limit_per_minute, "after": requests_per_minute},
            now=now,
        )
    return changed


def cancel_bulk_job(*, job_id: UUID, actor_id: int, reason: str, now: datetime) -> BulkJob:
    """Stop a bulk job; what was done stays done.

    Raises:
        ReasonMissingError: no reason was given.
        BulkJobNotFoundError: there is none.
        BulkJobOverError: nothing is left to stop.
    """
    with transaction.atomic():
        job = bulk.cancel_job(job_id=job_id, now=now)
        _record(job, BULK_JOB_CANCELLED, actor_id, reason, now)
    return job


def retry_bulk_job(*, job_id: UUID, actor_id: int, reason: str, now: datetime) -> BulkJob:
    """Take up a failed bulk job where it stopped.

    Raises:
        ReasonMissingError: no reason was given.
        BulkJobNotFoundError: there is none.
        BulkJobNotFailedError: it has not failed.
    """
    with transaction.atomic():
        job = bulk.retry_job(job_id=job_id)
        _record(job, BULK_JOB_RETRIED, actor_id, reason, now)
    return job


def _record(job: BulkJob, action: AuditAction, actor_id: int, reason: str, now: datetime) -> None:
    record(
        actor_id=actor_id,
        action=action,
        subject=f"bulk:{job.pk}",
        reason=reason,
        details={"kind": job.kind, "shop_id": job.shop_id, "done": job.done, "total": job.total},
        now=now,
    )
