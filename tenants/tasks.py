"""Tasks of the tenancy."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from tenants.errors import CheckedJustNowError, ClaimNotFoundError
from tenants.services import domain_checks


@shared_task(name="tenants.check_due_domains")
def check_due_domains(**_: Any) -> None:
    """Have the claims looked at that are due."""
    domain_checks.check_due_claims(now=timezone.now())


@shared_task(name="tenants.check_domain")
def check_domain(*, shop_id: int, claim_id: str, **_: Any) -> None:
    """Look for one domain's proof; nothing where it was removed or looked for meanwhile."""
    with suppress(ClaimNotFoundError, CheckedJustNowError):
        domain_checks.check_claim(shop_id=shop_id, claim_id=UUID(claim_id), actor_id=None, now=timezone.now())
