"""Tasks of the tenancy."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.utils import timezone

from kit.work.jobs import begin
from kit.work.tasks import shared_task
from tenants.applications.services import accounts, purging
from tenants.archives import jobs as export_jobs
from tenants.errors import CheckedJustNowError, ClaimNotFoundError
from tenants.hosts import domain_checks
from tenants.life import deletion
from tenants.life import schedule as lifecycle_schedule


@shared_task(name="tenants.check_due_domains")
def check_due_domains(**_: Any) -> None:
    """Look at the claims that are due."""
    begin(check_due_domains)
    domain_checks.check_due_claims(now=timezone.now())


@shared_task(name="tenants.check_domain")
def check_domain(*, shop_id: int, claim_id: str, **_: Any) -> None:
    """Look for one domain's proof; nothing where it was removed or looked for meanwhile."""
    with suppress(ClaimNotFoundError, CheckedJustNowError):
        domain_checks.check_claim(shop_id=shop_id, claim_id=UUID(claim_id), actor_id=None, now=timezone.now())


@shared_task(name="tenants.follow_the_calendar")
def follow_the_calendar(**_: Any) -> None:
    """End holidays, begin and finish closures, and notify owners of coming deletions."""
    lifecycle_schedule.follow_the_calendar(now=timezone.now())


@shared_task(name="tenants.delete_due_shops")
def delete_due_shops(**_: Any) -> None:
    """Delete closed shops whose time is over, and files that earlier deletions have left."""
    now = timezone.now()
    deletion.delete_due_shops(now=now)
    deletion.sweep_media(now=now)


@shared_task(name="tenants.delete_shop_media")
def delete_shop_media(*, shop_id: int, **_: Any) -> None:
    """Delete the files of a deleted shop."""
    deletion.delete_media(shop_id=shop_id)


@shared_task(name="tenants.check_application_accounts")
def check_application_accounts(**_: Any) -> None:
    """Ask banks again that gave no answer about an applicant's account."""
    accounts.check_accounts(now=timezone.now())


@shared_task(name="tenants.purge_drafts")
def purge_drafts(**_: Any) -> None:
    """Forget applications that were begun and never sent."""
    purging.purge_drafts(now=timezone.now())


@shared_task(name="tenants.make_export")
def make_export(*, export_id: str, **_: Any) -> None:
    """Make an archive that a shop has asked for."""
    export_jobs.make_export(export_id=UUID(export_id), now=timezone.now())


@shared_task(name="tenants.sweep_exports")
def sweep_exports(**_: Any) -> None:
    """Queue abandoned exports again, and delete expired ones."""
    export_jobs.sweep_exports(now=timezone.now())
