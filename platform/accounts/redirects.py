"""Allowed targets of redirects after an account page: the platform's and its shops' hosts."""

import re
from urllib.parse import urlencode, urljoin, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.paths import account_path
from accounts.services.own_domains import is_own_domain
from kit.web.hosts import host_url, is_platform_host, platform_url

UNSAFE_IN_PATHS = re.compile(r"[\x00-\x20\x7f\\]")
LONGEST_PATH = 2000


def is_own_url(url: str) -> bool:
    """Return whether an address is a path, or absolute and on one of our hosts and our port."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    allowed = set()
    is_here = port == urlsplit(platform_url()).port and "@" not in parts.netloc
    if host and is_here and (is_platform_host(host) or is_own_domain(host)):
        allowed.add(parts.netloc)
    return url_has_allowed_host_and_scheme(
        url, allowed_hosts=allowed, require_https=settings.PLATFORM_SCHEME == "https"
    )


def is_own_path(path: str) -> bool:
    """Return whether an address is a path on the host that is being served, and can be nothing else."""
    if not path.startswith("/") or UNSAFE_IN_PATHS.search(path) or len(path) > LONGEST_PATH:
        return False
    return not path.startswith("//") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)


def leads_to_own_domain(url: str) -> bool:
    """Return whether an address is on a domain of a shop's own, where the platform's cookies are not sent."""
    return is_own_url(url) and not is_platform_host(urlsplit(url).hostname or settings.BASE_DOMAIN)


def sign_in_url(next_url: str = "") -> str:
    """Return the platform's sign-in page, which leads back to an own address; works on every host."""
    path = account_path("accounts:sign-in")
    query = f"?{urlencode({'next': next_url})}" if next_url and is_own_url(next_url) else ""
    return platform_url(path) + query


def current_url(request: HttpRequest) -> str:
    """Return the full address of the page that was asked for, for coming back to it."""
    return host_url(split_domain_port(request.get_host())[0], request.get_full_path())


def shop_page_url(request: HttpRequest, path: str) -> str:
    """Return the full address of a page on the host that is being served."""
    root = host_url(split_domain_port(request.get_host())[0], "/")
    return urljoin(root, path)
