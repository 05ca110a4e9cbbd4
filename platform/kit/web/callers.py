"""The caller's address, by which requests, wrong passwords, sign-ups and letters are counted."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

UNKNOWN = "0.0.0.0"  # noqa: S104 - counted as one caller, not listened on
# One subscriber holds a whole /64 (RFC 6177); neighbours in one network are easily had by one attacker.
SUBSCRIBER_BITS = {4: 32, 6: 64}
NETWORK_BITS = {4: 24, 6: 48}


def caller_of(request: HttpRequest | Request) -> str:
    """Return the address by which a caller is counted: IPv4 as it is, of IPv6 the first of the subscriber's /64."""
    return _first_of(_seen_address(request), SUBSCRIBER_BITS)


def network_of(request: HttpRequest | Request) -> str:
    """Return the first address of the caller's network: /24 of IPv4, /48 of IPv6."""
    return _first_of(_seen_address(request), NETWORK_BITS)


def _seen_address(request: HttpRequest | Request) -> IPv4Address | IPv6Address:
    """Return the address that the outermost trusted proxy saw, or the connection's own where there is none.

    Each proxy adds on the right the address that called it; addresses further left can be forged by the caller.
    """
    connection = _parsed(request.META.get("REMOTE_ADDR", "")) or ip_address(UNKNOWN)
    trusted: int = settings.TRUSTED_PROXY_COUNT
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if not trusted or not forwarded:
        return connection
    hops = forwarded.split(",")
    return _parsed(hops[-min(trusted, len(hops))]) or connection


@lru_cache(maxsize=4096)
def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address; some proxies write a port behind it."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _first_of(address: IPv4Address | IPv6Address, bits: dict[int, int]) -> str:
    host_bits = address.max_prefixlen - bits[address.version]
    return str(type(address)(int(address) >> host_bits << host_bits))
