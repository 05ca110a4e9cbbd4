"""A shop's own domains: claiming one, making it the main host, removing one."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kit.db.roles import as_platform
from tenants.errors import AlreadyClaimedError, DomainNotVerifiedError, TooManyDomainsError
from tenants.hosts.domain_names import clean_host
from tenants.hosts.domain_notices import DomainNotice, tell_owners
from tenants.hosts.selectors import LockedDomains, lock_shop_domains
from tenants.models import Domain, DomainClaim, Shop, ShopEventKind
from tenants.shops import host_cache
from tenants.shops.addresses import shop_host
from tenants.shops.audit_trail import record_event
from tenants.shops.profile import forget_hosts

MOST = 10
PROOF_TIMEOUT = timedelta(days=14)
TOKEN_BYTES = 20


@as_platform()
def claim_domain(*, shop_id: int, host: str, actor_id: int | None, now: datetime) -> DomainClaim:
    """Claim a domain for a shop, and return the claim with the proof to publish in the DNS.

    Args:
        host: as entered.

    Raises:
        InvalidHostError: no shop may have it.
        AlreadyClaimedError: it is in the shop's list.
        TooManyDomainsError: the list is full.
        ShopNotFoundError: there is no such shop.
    """
    host = clean_host(host)
    with transaction.atomic():
        held = lock_shop_domains(shop_id=shop_id)
        if any(claim.host == host for claim in held.claims.values()):
            raise AlreadyClaimedError(details={"host": [AlreadyClaimedError.default_message]})
        if len(held.claims) >= MOST:
            raise TooManyDomainsError(details={"host": [TooManyDomainsError.default_message]})
        claim = DomainClaim(
            shop_id=shop_id,
            host=host,
            token=secrets.token_hex(TOKEN_BYTES),
            created_at=now,
            due_at=now,
            give_up_at=now + PROOF_TIMEOUT,
        )
        claim.save(force_insert=True)
        record_event(shop_id=shop_id, actor_id=actor_id, kind=ShopEventKind.DOMAIN_CLAIMED, subject=host, now=now)
    return claim


@as_platform()
def make_primary(*, shop_id: int, host: str, actor_id: int | None, now: datetime) -> Shop:
    """Make one of a shop's hosts its main host: links lead there, and its other hosts redirect to it.

    Raises:
        DomainNotVerifiedError: the host does not lead to the shop.
        ShopNotFoundError: there is no such shop.
    """
    with transaction.atomic():
        held = lock_shop_domains(shop_id=shop_id)
        if host not in held.domains and host != shop_host(held.shop.slug):
            raise DomainNotVerifiedError
        if move_in(held, host):
            record_event(
                shop_id=shop_id, actor_id=actor_id, kind=ShopEventKind.DOMAIN_MADE_PRIMARY, subject=host, now=now
            )
            tell_owners(shop=held.shop, notice=DomainNotice.MOVED, host=host, now=now)
    return Shop.objects.get(pk=shop_id)


@as_platform()
def remove_domain(*, shop_id: int, claim_id: UUID, actor_id: int | None, now: datetime, reason: str = "") -> str:
    """Remove a domain from a shop and return it; the shop's main host is the one of its slug again.

    Args:
        reason: the reason, if not the shop itself removes it; its owners are notified.

    Raises:
        ClaimNotFoundError: the shop has no such domain.
        ShopNotFoundError: there is no such shop.
    """
    with transaction.atomic():
        held = lock_shop_domains(shop_id=shop_id)
        claim = held.claim(claim_id)
        take_off(held, claim.host)
        claim.delete()
        record_event(
            shop_id=shop_id,
            actor_id=actor_id,
            kind=ShopEventKind.DOMAIN_REMOVED,
            subject=claim.host,
            details={"reason": reason} if reason else {},
            now=now,
        )
        if reason:
            tell_owners(shop=held.shop, notice=DomainNotice.REMOVED, host=claim.host, now=now, reason=reason)
    return claim.host


def take_off(held: LockedDomains, host: str) -> bool:
    """Remove a host from a shop; return whether it led there."""
    row = held.domains.get(host)
    if row is None:
        return False
    if row.is_primary:
        move_in(held, shop_host(held.shop.slug))
    forget_hosts(shop_id=held.shop.pk, slug=held.shop.slug)
    row.delete()
    return True


def move_in(held: LockedDomains, host: str) -> bool:
    """Make a host a shop's main host; return whether that changed anything."""
    slug_host = shop_host(held.shop.slug)
    lives_at = None if host == slug_host else host
    if held.shop.primary_host == lives_at:
        return False
    Domain.objects.filter(tenant_id=held.shop.pk, is_primary=True).update(is_primary=False)
    Domain.objects.filter(tenant_id=held.shop.pk, domain=host).update(is_primary=True)
    Shop.objects.filter(pk=held.shop.pk).update(primary_host=lives_at)
    held.shop.primary_host = lives_at
    forget_hosts(shop_id=held.shop.pk, slug=held.shop.slug)
    return True


def forget_host(host: str) -> None:
    """Drop a host from all caches once this transaction is over."""
    transaction.on_commit(lambda: host_cache.forget(host))
