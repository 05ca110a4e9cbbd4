"""Addresses of the platform and of hosts below its domain."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port

STANDARD_PORTS = {"http": 80, "https": 443}


def _address(host: str) -> str:
    scheme: str = settings.PLATFORM_SCHEME
    shows_port = scheme == "http" and STANDARD_PORTS[scheme] != settings.PORT
    return f"{scheme}://{host}" + (f":{settings.PORT}" if shows_port else "")


def platform_url(path: str = "") -> str:
    """Return the platform's address, with a path where given."""
    return _address(settings.BASE_DOMAIN) + path


def host_url(host: str, path: str = "") -> str:
    """Return the address of a shop's host, with a path where given."""
    return _address(host) + path


def is_platform_host(host: str) -> bool:
    """Return whether a host is the platform's, or below it: the hosts that share the platform's cookies."""
    return host == settings.BASE_DOMAIN or host.endswith(f".{settings.BASE_DOMAIN}")


def requested_host(request: HttpRequest) -> tuple[str, str]:
    """Return the host that was asked for, in lower case and without a trailing dot, and the port.

    Both are empty where the header is not a host (RFC 9110, section 7.2).
    """
    return _split(request.META.get("HTTP_HOST") or request.META.get("SERVER_NAME", ""))


@lru_cache(maxsize=1024)
def _split(asked: str) -> tuple[str, str]:
    host, port = split_domain_port(asked)
    return host, port
