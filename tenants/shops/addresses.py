"""Host names: which of them is the platform, which a shop, and what a shop's address is."""

import ipaddress
from enum import Enum
from typing import Protocol

from django.conf import settings

from kit.web.hosts import host_url, requested_host

__all__ = ["HasMainHost", "HostKind", "home_host", "kind_of", "requested_host", "shop_host", "shop_url", "slug_of_host"]

LOOPBACK_NAMES = ("localhost", "0.0.0.0")  # noqa: S104 - compared with, never bound to


class HostKind(Enum):
    """Kind of a host name, before a shop is looked up."""

    PLATFORM = "platform"
    ALIAS = "alias"  # another name of the platform, sent on to the one that shares its cookies
    ADDRESS = "address"  # an IP address: a load balancer's or an orchestrator's probe
    OTHER = "other"  # a shop's, or unknown


class HasMainHost(Protocol):
    """A shop, or the facts of one."""

    @property
    def slug(self) -> str: ...

    @property
    def primary_host(self) -> str | None: ...


def shop_host(slug: str) -> str:
    """Return the host below the platform's domain that belongs to a slug."""
    return f"{slug}.{settings.BASE_DOMAIN}"


def home_host(shop: HasMainHost) -> str:
    """Return a shop's main host: its own domain, or the one below the platform's domain."""
    return shop.primary_host or shop_host(shop.slug)


def shop_url(shop: HasMainHost, path: str = "") -> str:
    """Return the address of a shop's own place, with a path where given."""
    return host_url(home_host(shop), path)


def slug_of_host(host: str) -> str | None:
    """Return the slug that a host below the platform's domain names, else None."""
    slug, dot, rest = host.partition(".")
    return slug if dot and rest == settings.BASE_DOMAIN else None


def kind_of(host: str) -> HostKind:
    """Return the kind of a host, judged by its name alone."""
    if host == settings.BASE_DOMAIN:
        return HostKind.PLATFORM
    if host in LOOPBACK_NAMES or host == f"www.{settings.BASE_DOMAIN}" or host in settings.PLATFORM_ALIASES:
        return HostKind.ALIAS
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return HostKind.OTHER
    return HostKind.ALIAS if address.is_loopback else HostKind.ADDRESS
