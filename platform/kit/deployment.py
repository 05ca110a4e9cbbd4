"""Values that no public deployment may start with: published or weak keys, plain HTTP, made-up hosts.

Production settings refuse to load on any of them; `manage.py check --deploy` names them under every settings module.
Nothing of Django is imported here, since settings use it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

MIN_KEY_LENGTH = 50
# Lower bound for 50 random digits, the poorest alphabet that is still long enough.
MIN_DIFFERENT_CHARACTERS = 7
MIN_DIFFERENT_PAIRS = 25
MIN_DIFFERENT_STEPS = 8
MIN_TOKEN_CHARACTERS = 5
TOKEN_PREFIX = re.compile(r"^[a-z]+_(live|test)_")
PLACEHOLDERS = re.compile(
    r"insecure|change[-_ ]?me|placeholder|your[-_ ]|secret[-_ ]?key|example|^<.*>$", re.IGNORECASE
)
KNOWN_PASSWORDS = frozenset({"password", "postgres", "kasuwa", "secret", "admin", "changeme", "change-me"})
MAX_PROXIES = 10
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
LOCAL_ENDINGS = ("localhost", "local", "localdomain", "internal", "invalid")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """A setting that a public deployment must not have."""

    id: str
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.message} ({self.id}: {self.hint})"


def problems_of(settings: Settings) -> list[Problem]:
    """Return all that keeps these settings from serving the public."""
    return [problem for rule in RULES for problem in rule(settings)]


def unset_on_statements(settings: Settings) -> list[str]:
    """Return the names of settings that are missing on shops' statements, which say whose they are by them."""
    needed = ("PLATFORM_LEGAL_NAME", "PLATFORM_LEGAL_ADDRESS", "PLATFORM_TAX_NUMBER")
    unset = [name for name in needed if not settings[name]]
    return [name for name in unset if name != "PLATFORM_TAX_NUMBER" or not settings["COMMISSION_TAX_NUMBERS"]]


def gaps_of(settings: Settings) -> list[Problem]:
    """Return the settings that production should have, though the market works without them."""
    hint = "docs/payouts.md, Statements, says what they name"
    return [
        Problem("kit.W019", f"{name} is not set, so statements do not say whose they are.", hint)
        for name in unset_on_statements(settings)
    ]


def is_weak(key: str) -> bool:
    """Return whether a key is short, repeats itself, runs along the alphabet, or is a placeholder."""
    if len(key) < MIN_KEY_LENGTH or key != key.strip() or PLACEHOLDERS.search(key):
        return True
    steps = {ord(second) - ord(first) for first, second in pairwise(key)}
    return (
        len(set(key)) < MIN_DIFFERENT_CHARACTERS
        or len(set(pairwise(key))) < MIN_DIFFERENT_PAIRS
        or len(steps) < MIN_DIFFERENT_STEPS
        or _repeats(key)
    )


def is_public_host(host: str) -> bool:
    """Return whether a host name can be public: two labels or more, no address, no name of a local network."""
    labels = host.split(".")
    return (
        len(labels) > 1
        and all(LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdecimal()
        and labels[-1] not in LOCAL_ENDINGS
    )


def _repeats(key: str) -> bool:
    """Return whether a key repeats one piece of at most half its length."""
    return any(key == (key[:size] * len(key))[: len(key)] for size in range(1, len(key) // 2 + 1))


def _published_keys(settings: Settings) -> Iterator[Problem]:
    for name in _named(settings, "SECRET_KEY"):
        if settings[name] in settings["PUBLISHED_KEYS"]:
            yield Problem("kit.E010", f"{name} is in the published code.", "Generate one of your own")


def _weak_keys(settings: Settings) -> Iterator[Problem]:
    if settings["SECRET_KEY"] not in settings["PUBLISHED_KEYS"] and is_weak(settings["SECRET_KEY"]):
        hint = 'python -c "import secrets; print(secrets.token_urlsafe(50))"'
        yield Problem("kit.E011", f"SECRET_KEY must be at least {MIN_KEY_LENGTH} random characters.", hint)
    for name in _named(settings, "_SECRET_KEY"):
        token = TOKEN_PREFIX.sub("", str(settings[name]))
        if settings[name] and len(set(token)) < MIN_TOKEN_CHARACTERS:
            yield Problem("kit.E011", f"{name} is a placeholder.", "Copy the key from the provider's own pages")


def _plain_addresses(settings: Settings) -> Iterator[Problem]:
    for name in _named(settings, "_BASE_URL"):
        if not _is_confidential(str(settings[name]), is_local_allowed=settings["ALLOW_LOCAL_PROVIDERS"]):
            yield Problem("kit.E012", f"{name} must be an https:// address.", "Use the provider's own")
    for page in settings["PAYMENT_PAGES"]:
        if not page.startswith("https://") and not settings["ALLOW_LOCAL_PROVIDERS"]:
            yield Problem("kit.E012", f"PAYMENT_PAGES: {page!r} must be an https:// address.", "Use the provider's own")


def _unknown_proxies(settings: Settings) -> Iterator[Problem]:
    if not 0 <= settings["TRUSTED_PROXY_COUNT"] <= MAX_PROXIES:
        yield Problem(
            "kit.E013",
            f"TRUSTED_PROXY_COUNT must be between 0 and {MAX_PROXIES}.",
            "Count the proxies in front of the site that add to X-Forwarded-For; 0 where there is none",
        )


def _local_hosts(settings: Settings) -> Iterator[Problem]:
    if not is_public_host(settings["BASE_DOMAIN"]):
        hint = "A name of two parts or more in lower case, without scheme and port, as market.example.com"
        yield Problem("kit.E014", "KASUWA_BASE_DOMAIN must be a public domain in production.", hint)
    name, _, host = settings["PLATFORM_EMAIL"].rpartition("@")
    if not re.fullmatch(r"[^\s@<>,;:\"]+", name) or not is_public_host(host.lower()):
        yield Problem("kit.E014", "PLATFORM_EMAIL must be one e-mail address.", "As hello@market.example.com")


def _known_passwords(settings: Settings) -> Iterator[Problem]:
    addresses = {
        "DATABASE_URL": settings["DATABASES"]["default"].get("PASSWORD", ""),
        "REDIS_URL": urlsplit(settings["REDIS_URL"]).password,
        "CELERY_BROKER_URL": urlsplit(settings["CELERY_BROKER_URL"]).password,
    }
    for name, password in addresses.items():
        if password and password.lower() in KNOWN_PASSWORDS:
            yield Problem("kit.E015", f"{name} holds a password that everybody tries first.", "Choose a random one")


def _open_mail_passwords(settings: Settings) -> Iterator[Problem]:
    is_open = settings["EMAIL_HOST_PASSWORD"] and not settings["EMAIL_USE_TLS"]
    if is_open and settings["EMAIL_HOST"] not in LOOPBACK:
        yield Problem("kit.E016", "EMAIL_HOST_PASSWORD would be sent in the clear.", "Set EMAIL_USE_TLS=true")


def _plain_front_ends(settings: Settings) -> Iterator[Problem]:
    for origin in sorted(settings["FRONT_END_ORIGINS"]):
        if not _is_confidential(origin, is_local_allowed=settings["ALLOW_LOCAL_PROVIDERS"]):
            yield Problem(
                "kit.E017", f"FRONT_END_ORIGINS: {origin!r} must be an https:// origin.", "Serve it over HTTPS"
            )


def _plain_buckets(settings: Settings) -> Iterator[Problem]:
    for name in ("S3_ENDPOINT_URL", "MEDIA_BUCKET_URL"):
        address = settings[name]
        if address and not _is_confidential(address, is_local_allowed=settings["ALLOW_LOCAL_PROVIDERS"]):
            yield Problem("kit.E018", f"{name} must be an https:// address.", "Browsers load files from there")


RULES: tuple[Callable[[Settings], Iterator[Problem]], ...] = (
    _published_keys,
    _weak_keys,
    _plain_addresses,
    _unknown_proxies,
    _local_hosts,
    _known_passwords,
    _open_mail_passwords,
    _plain_front_ends,
    _plain_buckets,
)


def _named(settings: Settings, ending: str) -> list[str]:
    return sorted(name for name in settings if name.isupper() and name.endswith(ending))


def _is_confidential(address: str, *, is_local_allowed: bool) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or "@" in parts.netloc or address != address.strip():
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_local_allowed and _is_near(host))


def _is_near(host: str) -> bool:
    """Return whether a host is this machine, or a service's plain name in a private network."""
    if host in LOOPBACK or LABEL.fullmatch(host):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
