"""Front ends on other origins: their pages may call the API from a browser, and buyers return to them after paying.

`FRONT_END_ORIGINS` lists them (docs/adr/0049). A browser asks before most calls, and shows an answer to a page if its
headers allow that (CORS; https://fetch.spec.whatwg.org/#http-cors-protocol). Answers that are given ahead of Django
have the headers too, so this works on a path and an origin alone.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings

API = "/api/"
EXPOSED = (
    "X-Cart-Token, ETag, Location, Retry-After, X-Request-ID, Idempotent-Replayed, X-RateLimit-Limit, "
    "X-RateLimit-Remaining, X-RateLimit-Reset, WWW-Authenticate, Content-Disposition"
)
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Language, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Cart-Token, "
        "X-Order-Key, X-Request-ID"
    ),
    "Access-Control-Max-Age": "7200",
}
NOTHING: Mapping[str, str] = {}
LONGEST_ADDRESS = 500
ADDRESS = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+")  # neither spaces nor controls, quotes, angles or backslashes
ORDER = "order"  # the parameter that names the order


def cors_headers(*, path: str, origin: str) -> Mapping[str, str]:
    """Return the headers that an answer needs for a page of an origin to read it; credentials are never allowed."""
    if not settings.FRONT_END_ORIGINS or not path.startswith(API):
        return NOTHING
    if origin not in settings.FRONT_END_ORIGINS:
        return {"Vary": "Origin"}
    return {"Vary": "Origin", "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED}


def preflight_headers(*, path: str, origin: str) -> Mapping[str, str]:
    """Return the headers that answer a browser's question before a call; none where its page may not call."""
    headers = cors_headers(path=path, origin=origin)
    return {**headers, **PREFLIGHT} if "Access-Control-Allow-Origin" in headers else NOTHING


def may_return_to(address: str) -> bool:
    """Return whether buyers may be sent to an address after paying."""
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return f"{parts.scheme}://{parts.netloc}" in settings.FRONT_END_ORIGINS


def return_address(address: str, *, number: str) -> str:
    """Return the address at a front end to which a buyer goes after paying, with the order's number in its query.

    Empty where there is none, or where its origin has been taken off the list since.
    """
    if not address or not may_return_to(address):
        return ""
    parts = urlsplit(address)
    query = f"{parts.query}&" if parts.query else ""
    return urlunsplit(parts._replace(path=parts.path or "/", query=query + urlencode({ORDER: number})))
