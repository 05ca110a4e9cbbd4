"""The caller's address, by which requests, wrong passwords, sign-ups and letters are counted."""

from functools import lru_cache
from socket import AF_INET, AF_INET6, AddressFamily, inet_ntop, inet_pton
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request

from kit.web.headers import meta_of

# One subscriber holds a whole /64 (RFC 6177); neighbours in one network are easily had by one attacker.
SUBSCRIBER_BYTES = {AF_INET: 4, AF_INET6: 8}
NETWORK_BYTES = {AF_INET: 3, AF_INET6: 6}
SIZE = {AF_INET: 4, AF_INET6: 16}
IPV4_IN_IPV6 = bytes(10) + b"\xff\xff"  # RFC 4291, 2.5.5.2


class _Caller(NamedTuple):
    """First addresses of a caller's subscriber and network."""

    subscriber: str
    network: str


def caller_of(request: HttpRequest | Request) -> str:
    """Return the address by which a caller is counted: IPv4 as it is, of IPv6 the first of the subscriber's /64."""
    return _seen_caller(request).subscriber


def network_of(request: HttpRequest | Request) -> str:
    """Return the first address of the caller's network: /24 of IPv4, /48 of IPv6."""
    return _seen_caller(request).network


def _seen_caller(request: HttpRequest | Request) -> _Caller:
    """Return the caller that the outermost trusted proxy saw, or the connection's own where there is none.

    Each proxy adds on the right the address that called it; addresses further left can be forged by the caller.
    """
    meta = meta_of(request)
    trusted: int = settings.TRUSTED_PROXY_COUNT
    forwarded = meta.get("HTTP_X_FORWARDED_FOR", "")
    if trusted and forwarded:
        hops = forwarded.split(",")
        if seen := _caller_at(hops[-min(trusted, len(hops))]):
            return seen
    return _caller_at(meta.get("REMOTE_ADDR", "")) or UNKNOWN


@lru_cache(maxsize=4096)
def _caller_at(text: str) -> _Caller | None:
    """Read an address; some proxies write a port behind it."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    family = AF_INET6 if ":" in text else AF_INET
    try:
        address = inet_pton(family, text.partition("%")[0])
    except (OSError, ValueError):
        return None
    if address.startswith(IPV4_IN_IPV6):
        family, address = AF_INET, address[len(IPV4_IN_IPV6) :]
    return _Caller(_first_of(address, family, SUBSCRIBER_BYTES), _first_of(address, family, NETWORK_BYTES))


def _first_of(address: bytes, family: AddressFamily, kept: dict[AddressFamily, int]) -> str:
    return inet_ntop(family, address[: kept[family]].ljust(SIZE[family], b"\0"))


# Counted as one caller where no address can be read.
UNKNOWN = _Caller("0.0.0.0", "0.0.0.0")  # noqa: S104 - not listened on
