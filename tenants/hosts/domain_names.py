"""Conversion of an entered domain to a host name, or its refusal with a reason."""

import ipaddress
from functools import cache

import idna
from django.conf import settings
from django.utils.translation import gettext, gettext_lazy
from django_stubs_ext import StrOrPromise
from publicsuffixlist import PublicSuffixList

from tenants.errors import InvalidHostError
from tenants.models.domains import TXT_LABEL

LONGEST = 253 - len(TXT_LABEL) - 1  # so that the name of the proof fits too (RFC 1035, section 2.3.4)
# Names that no public name server answers for (RFC 6761, 6762, 8375); an inner one might, with anything.
LOCAL_SUFFIXES = ("localhost", "local", "internal", "home.arpa", "lan", "invalid", "onion", "arpa")
UNUSUAL = {
    "@": gettext_lazy("This looks like an e-mail address. Give the domain alone, such as shop.example."),
    "*": gettext_lazy("A wildcard can't be a shop's address. Give one domain, such as shop.example."),
    ":": gettext_lazy("Leave out the port. Give the domain alone, such as shop.example."),
}


def clean_host(typed: str) -> str:
    """Return the host name for an entered domain, in lower case and in its ASCII form (RFC 5891).

    Raises:
        InvalidHostError: no shop may have it; the message tells what to enter instead.
    """
    text = typed.strip().rstrip(".").lower()
    _check_spelling(text)
    try:
        host = idna.encode(text, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError) as error:
        raise _refused(
            gettext("This is not a domain. Use letters, digits, hyphens and dots, such as shop.example.")
        ) from error
    if len(host) > LONGEST:
        raise _refused(gettext("This is too long for a domain."))
    _check_place(host)
    return host


def readable_host(host: str) -> str:
    """Return a host name for display: with its accents, not in its ASCII form."""
    try:
        return idna.decode(host)
    except (idna.IDNAError, UnicodeError):
        return host


def is_public_host(host: str) -> bool:
    """Return whether a host name (in its ASCII form) is one that can be registered, or below it."""
    return _suffixes().privatesuffix(host) is not None


def _check_spelling(text: str) -> None:
    if not text:
        raise _refused(gettext("Type your domain, such as shop.example."))
    if "://" in text or any(mark in text for mark in "/\\?#"):
        name = text.rsplit("://", maxsplit=1)[-1].strip("/\\").split("/")[0].split("\\")[0]
        better = name if name and "." in name and "@" not in name and len(name) <= LONGEST else "shop.example"
        raise _refused(
            gettext("Leave out https:// and everything after the domain: just %(better)s.") % {"better": better}
        )
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        pass
    else:
        raise _refused(gettext("This is an IP address. A domain is a name, such as shop.example."))
    for mark, reason in UNUSUAL.items():
        if mark in text:
            raise _refused(reason)


def _check_place(host: str) -> None:
    """Refuse a host of the platform, one that cannot be registered, and one that is a public suffix."""
    base = settings.BASE_DOMAIN
    taken = {base, *settings.PLATFORM_ALIASES}
    if host in taken or host.endswith(f".{base}") or base.endswith(f".{host}"):
        raise _refused(gettext("This belongs to the market itself. Your address there needs no proof."))
    is_local = any(host == suffix or host.endswith(f".{suffix}") for suffix in LOCAL_SUFFIXES)
    if is_local and not (settings.ALLOW_LOCAL_DOMAINS and host.endswith(".localhost")):
        raise _refused(gettext("This name exists only inside a network. Use a domain that buyers can reach."))
    if "." not in host or not is_public_host(host):
        raise _refused(
            gettext("This is only the ending of a domain. Put your own name before it, such as shop.example.")
        )


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _refused(reason: StrOrPromise) -> InvalidHostError:
    return InvalidHostError(reason, details={"host": [reason]})
