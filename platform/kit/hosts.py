"""Addresses of the platform and of hosts below its domain."""

from django.conf import settings

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
