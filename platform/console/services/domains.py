"""Taking a domain off a shop."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy

from console.audit_actions import AuditAction
from console.errors import ReasonMissingError
from console.services.audit_log import record
from console.services.shops import subject_of
from tenants.hosts.domains import remove_domain
from tenants.models import Shop

DOMAIN_REMOVED = AuditAction(
    "shop.domain_removed",
    gettext_lazy("Shop's domain removed"),
    gettext_lazy("%(who)s removed the domain %(host)s of the shop %(subject)s."),
)


def remove_shop_domain(*, shop: Shop, claim_id: UUID, actor_id: int, reason: str, now: datetime) -> str:
    """Remove a domain from a shop and return it; the shop's owners read the reason.

    Raises:
        ReasonMissingError: no reason was given.
        ClaimNotFoundError: the shop has no such domain.
    """
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        host = remove_domain(shop_id=shop.pk, claim_id=claim_id, actor_id=actor_id, reason=reason.strip(), now=now)
        record(
            actor_id=actor_id,
            action=DOMAIN_REMOVED,
            subject=subject_of(shop),
            reason=reason,
            details={"host": host},
            now=now,
        )
    return host
