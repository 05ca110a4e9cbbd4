"""Selectors of shops' domains, and the locks on them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from tenants.errors import ClaimNotFoundError
from tenants.models import Domain, DomainClaim, Membership, Shop, ShopStatus
from tenants.shops.addresses import shop_host, slug_of_host
from tenants.shops.selectors import lock_shop


@dataclass(frozen=True, slots=True)
class LockedDomains:
    """A shop, its hosts and its claims, held until the transaction ends."""

    shop: Shop
    domains: dict[str, Domain]
    claims: dict[UUID, DomainClaim]

    def claim(self, claim_id: UUID) -> DomainClaim:
        """Return one of the claims.

        Raises:
            ClaimNotFoundError: the shop has no such claim, or no longer.
        """
        claim = self.claims.get(claim_id)
        if claim is None:
            raise ClaimNotFoundError
        return claim


@dataclass(frozen=True, slots=True)
class ShopDomain:
    """One line in a shop's list of domains; `claim` is None for the host below the platform's domain."""

    host: str
    claim: DomainClaim | None
    verified_at: datetime | None
    is_primary: bool

    @property
    def is_verified(self) -> bool:
        """Return whether it leads to the shop."""
        return self.claim is None or self.verified_at is not None

    @property
    def state(self) -> str:
        """State of the claim: `verified`, `missing` (for a while), `waiting`, or `given_up`."""
        if self.claim is None or (self.is_verified and self.claim.missing_since is None):
            return "verified"
        if self.is_verified:
            return "missing"
        return "waiting" if self.claim.due_at else "given_up"


def list_shop_domains(*, shop: Shop) -> list[ShopDomain]:
    """Return the host below the platform's domain first, then the shop's own in the order of their claims."""
    hosts = {row.domain: row for row in Domain.objects.filter(tenant_id=shop.pk).order_by("pk")}
    slug_host = shop_host(shop.slug)
    primary = next((host for host, row in hosts.items() if row.is_primary), slug_host)
    claims = DomainClaim.objects.filter(shop_id=shop.pk).order_by("created_at", "pk")
    listed = [ShopDomain(slug_host, None, None, primary == slug_host)]
    for claim in claims:
        row = hosts.get(claim.host)
        listed.append(ShopDomain(claim.host, claim, row.verified_at if row else None, primary == claim.host))
    return listed


def get_claim(*, shop_id: int, claim_id: UUID) -> DomainClaim:
    """Return a shop's claim.

    Raises:
        ClaimNotFoundError: the shop has no such claim.
    """
    claim = DomainClaim.objects.filter(pk=claim_id, shop_id=shop_id).first()
    if claim is None:
        raise ClaimNotFoundError
    return claim


def is_custom_host(host: str) -> bool:
    """Return whether a host is a verified domain of a shop, in any state of its schema."""
    found = Domain.objects.filter(domain=host, verified_at__isnull=False)
    return found.exclude(tenant__status=ShopStatus.DELETED).exists()


def is_served_host(host: str) -> bool:
    """Return whether something of ours answers at a host: the market, a shop, a domain that a shop has proved."""
    if not host or host in {settings.BASE_DOMAIN, f"www.{settings.BASE_DOMAIN}", *settings.PLATFORM_ALIASES}:
        return bool(host)
    slug = slug_of_host(host)
    if slug is not None:
        return Shop.objects.filter(slug=slug).exclude(status=ShopStatus.DELETED).exists()
    return is_custom_host(host)


def works_at_host(user_id: int, host: str) -> bool:
    """Return whether a person works in the shop that a proved domain leads to."""
    leads_there = Membership.objects.filter(shop__domains__domain=host, shop__domains__verified_at__isnull=False)
    return leads_there.filter(user_id=user_id).exists()


def lock_shop_domains(*, shop_id: int) -> LockedDomains:
    """Lock a shop, then its hosts, then its claims, each in primary-key order; needs an open transaction.

    Raises:
        ShopNotFoundError: there is no such shop.
    """
    shop = lock_shop(shop_id=shop_id)
    domains = Domain.objects.select_for_update(no_key=True).filter(tenant_id=shop_id).order_by("pk")
    claims = DomainClaim.objects.select_for_update().filter(shop_id=shop_id).order_by("pk")
    return LockedDomains(shop, {row.domain: row for row in domains}, {row.pk: row for row in claims})
