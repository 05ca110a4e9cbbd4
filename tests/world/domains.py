"""A DNS of the tests' own, and shops with domains."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from tenants.hosts.dns import LookupFailedError
from tenants.hosts.domain_checks import check_claim
from tenants.hosts.domains import claim_domain, make_primary
from tenants.models import DomainClaim, DomainProblem, Shop
from tests.world.clock import NOW

ZONE: dict[str, list[str]] = {}
BROKEN: dict[str, DomainProblem] = {}
ASKED: list[str] = []
WHEN_ASKED: list[Callable[[], object]] = []


def ask_fake(name: str) -> list[str]:
    """Answer as the zone says; what `WHEN_ASKED` holds happens meanwhile."""
    ASKED.append(name)
    for happens in WHEN_ASKED:
        happens()
    if name in BROKEN:
        raise LookupFailedError(BROKEN[name])
    return ZONE.get(name, [])


def empty_dns() -> None:
    """Forget everything."""
    ZONE.clear()
    BROKEN.clear()
    ASKED.clear()
    WHEN_ASKED.clear()


def publish(claim: DomainClaim) -> None:
    """Put a claim's proof into the DNS, beside what is there."""
    ZONE.setdefault(claim.record_name, []).append(claim.record_value)


def claim_of(shop: Shop) -> UUID:
    """A shop's claim, made where there is none."""
    claim = DomainClaim.objects.filter(shop=shop).first()
    return (claim or claim_domain(shop_id=shop.pk, host=f"{shop.slug}.example", actor_id=None, now=NOW)).pk


def prove(shop: Shop, host: str, *, now: datetime = NOW, **more: Any) -> DomainClaim:
    """Have a domain lead to a shop."""
    claim = claim_domain(shop_id=shop.pk, host=host, actor_id=None, now=now)
    publish(claim)
    proved = check_claim(shop_id=shop.pk, claim_id=claim.pk, actor_id=None, now=now)
    assert proved.problem == "", proved.problem
    if more.get("primary"):
        make_primary(shop_id=shop.pk, host=proved.host, actor_id=None, now=now)
    return proved
