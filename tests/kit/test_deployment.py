"""Production does not start on published or weak keys, plain addresses, or without the number of its proxies."""

from __future__ import annotations

import os
import re
import secrets
import string
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.core.management.utils import get_random_secret_key

from config.settings.parts import published
from kit.deployment import gaps_of, is_public_host, is_weak, problems_of
from tests.architecture.sources import ROOT

GOOD: dict[str, Any] = {
    "SECRET_KEY": secrets.token_urlsafe(50),
    "PAYSTACK_SECRET_KEY": "sk_live_" + secrets.token_hex(20),
    "PAYSTACK_BASE_URL": "https://api.paystack.co",
    "PUBLISHED_KEYS": published.PUBLISHED_KEYS,
    "PAYMENT_PAGES": ["https://checkout.paystack.com"],
    "ALLOW_LOCAL_PROVIDERS": False,
    "TRUSTED_PROXY_COUNT": 0,
    "BASE_DOMAIN": "market.example",
    "PLATFORM_EMAIL": "hello@market.example",
    "PLATFORM_LEGAL_NAME": "Market Ltd",
    "PLATFORM_LEGAL_ADDRESS": "1 Market Road|Kano",
    "PLATFORM_TAX_NUMBER": "0001",
    "COMMISSION_TAX_NUMBERS": {},
    "DATABASES": {"default": {"PASSWORD": ""}},
    "REDIS_URL": "redis://redis:6379/0",
    "CELERY_BROKER_URL": "redis://redis:6379/0",
    "EMAIL_HOST": "mail.example",
    "EMAIL_HOST_PASSWORD": "kites over Kano",
    "EMAIL_USE_TLS": True,
    "FRONT_END_ORIGINS": frozenset({"https://shop.example"}),
    "S3_ENDPOINT_URL": "https://s3.example",
    "MEDIA_BUCKET_URL": "",
}
WEAK = [
    "",
    "short-but-random-9fK2",
    "a" * 56,
    "ab" * 28,
    "abc123" * 10,
    "0123456789" * 6,
    "correct horse battery " * 3,
    string.ascii_letters,
    string.ascii_lowercase[::-1] * 2,
    "a" * 49 + "bcdefghij",
    "django-insecure-" + "k2!9x" * 10,
    "change-me-Zk3v9Qp_7xTbW2mNc8Yd5RfLh1JgUa4Se6Oi0PzXqVwBtMrKs-EyHn",
    " Zk3v9Qp_7xTbW2mNc8Yd5RfLh1JgUa4Se6Oi0PzXqVwBtMrKs-EyHn",
]


def ids(**changes: Any) -> set[str]:
    return {problem.id for problem in problems_of(GOOD | changes)}


def test_good_settings_have_no_problem() -> None:
    """The control."""
    assert problems_of(GOOD) == []


def test_what_statements_need_is_warned_of() -> None:
    assert gaps_of(GOOD) == []
    bare = GOOD | {"PLATFORM_LEGAL_NAME": "", "PLATFORM_LEGAL_ADDRESS": "", "PLATFORM_TAX_NUMBER": ""}
    assert [each.message.split()[0] for each in gaps_of(bare)] == [
        "PLATFORM_LEGAL_NAME",
        "PLATFORM_LEGAL_ADDRESS",
        "PLATFORM_TAX_NUMBER",
    ]
    assert len(gaps_of(bare | {"COMMISSION_TAX_NUMBERS": {"NG": "0001"}})) == 2


@pytest.mark.parametrize("key", WEAK)
def test_weak_keys_are_refused(key: str) -> None:
    assert is_weak(key)
    assert ids(SECRET_KEY=key) == {"kit.E011"}


def test_random_keys_of_any_usual_kind_are_taken() -> None:
    for _ in range(300):
        assert not is_weak(get_random_secret_key())
        assert not is_weak(secrets.token_hex(32))
        assert not is_weak(secrets.token_urlsafe(50))
        assert not is_weak("".join(secrets.choice(string.digits) for _ in range(60)))


@pytest.mark.parametrize("key", sorted(published.PUBLISHED_KEYS))
def test_published_keys_are_refused_for_whatever_they_are_used(key: str) -> None:
    assert ids(SECRET_KEY=key) == {"kit.E010"}
    assert "kit.E010" in ids(PAYSTACK_SECRET_KEY=key)


def test_published_keys_stand_in_one_place() -> None:
    sources = [path for path in (ROOT / "platform").rglob("*.py") if path.name != Path(published.__file__).name]
    texts = {path: path.read_text() for path in sources}

    assert [path for path, text in texts.items() for key in published.PUBLISHED_KEYS if key in text] == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"PAYSTACK_SECRET_KEY": "sk_live_" + "x" * 40}, "kit.E011"),
        ({"PAYSTACK_BASE_URL": "http://api.paystack.co"}, "kit.E012"),
        ({"PAYSTACK_BASE_URL": "http://127.0.0.1:8001"}, "kit.E012"),
        ({"PAYSTACK_BASE_URL": "ftp://api.paystack.co"}, "kit.E012"),
        ({"PAYSTACK_BASE_URL": "api.paystack.co"}, "kit.E012"),
        ({"PAYSTACK_BASE_URL": "https://"}, "kit.E012"),
        ({"PAYSTACK_BASE_URL": "https://me:secret@api.paystack.co"}, "kit.E012"),
        ({"PAYSTACK_BASE_URL": "http://api.paystack.co", "ALLOW_LOCAL_PROVIDERS": True}, "kit.E012"),
        ({"PAYSTACK_BASE_URL": "http://10.0.0.7:8001", "ALLOW_LOCAL_PROVIDERS": True}, "kit.E012"),
        ({"PEBBLE_BASE_URL": "http://pebble.example"}, "kit.E012"),
        ({"FRONT_END_ORIGINS": frozenset({"https://shop.example", "http://shop.example"})}, "kit.E017"),
        ({"PAYMENT_PAGES": ["https://pay.example", "http://pay.example"]}, "kit.E012"),
        ({"TRUSTED_PROXY_COUNT": -1}, "kit.E013"),
        ({"TRUSTED_PROXY_COUNT": 11}, "kit.E013"),
        ({"BASE_DOMAIN": "127.0.0.1"}, "kit.E014"),
        ({"BASE_DOMAIN": "kasuwa.localhost"}, "kit.E014"),
        ({"BASE_DOMAIN": "https://market.example"}, "kit.E014"),
        ({"PLATFORM_EMAIL": "Market <hello@market.example>"}, "kit.E014"),
        ({"PLATFORM_EMAIL": "hello@market.example\nBcc: all@example.com"}, "kit.E014"),
        ({"DATABASES": {"default": {"PASSWORD": "kasuwa"}}}, "kit.E015"),
        ({"REDIS_URL": "redis://:Password@redis/0"}, "kit.E015"),
        ({"EMAIL_USE_TLS": False}, "kit.E016"),
        ({"S3_ENDPOINT_URL": "http://s3.example"}, "kit.E018"),
        ({"MEDIA_BUCKET_URL": "http://pictures.example"}, "kit.E018"),
        ({"S3_SECRET_KEY": "xxxxxxxxxxxx"}, "kit.E011"),
    ],
)
def test_what_is_not_fit_for_the_public_is_named(changes: dict[str, Any], found: str) -> None:
    assert ids(**changes) == {found}


@pytest.mark.parametrize("address", ["http://127.0.0.1:8001", "http://localhost:8001", "http://paystack:8001"])
def test_a_staging_site_may_talk_to_the_sandbox_beside_it(address: str) -> None:
    assert ids(PAYSTACK_BASE_URL=address, ALLOW_LOCAL_PROVIDERS=True) == set()


@pytest.mark.parametrize(
    "host", ["localhost", "kasuwa", "10.0.0.5", "::1", "shop.local", "a..b", "-a.example", "A.example"]
)
def test_local_and_broken_hosts_are_not_public(host: str) -> None:
    assert not is_public_host(host)
    assert is_public_host("market.co.ke")


def test_the_check_names_the_same_by_id(settings: Any) -> None:
    settings.SECRET_KEY = published.LOCAL_SECRET_KEY

    with pytest.raises(SystemCheckError, match=r"kit\.E010"):
        call_command("check", "--deploy", "--tag", "security")
    call_command("check", "--tag", "security")  # only where it is asked


def start(**changes: str | None) -> subprocess.CompletedProcess[str]:
    environment = {
        "SECRET_KEY": GOOD["SECRET_KEY"],
        "DATABASE_URL": "postgres://db/kasuwa",
        "REDIS_URL": "redis://redis/0",
        "PAYSTACK_SECRET_KEY": GOOD["PAYSTACK_SECRET_KEY"],
        "KASUWA_BASE_DOMAIN": "market.example",
        "PLATFORM_EMAIL": "hello@market.example",
        "TRUSTED_PROXY_COUNT": "0",
        **changes,
    }
    given = {name: value for name, value in environment.items() if value is not None}
    clean = {name: value for name, value in os.environ.items() if name not in environment}
    script = (
        "import config.settings.production as p; print(p.TRUSTED_PROXY_COUNT, p.SERVE_MEDIA, *p.SECURE_REDIRECT_EXEMPT)"
    )
    return subprocess.run(
        [sys.executable, "-c", script], env=clean | given, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("said", ["0", "2"])
def test_production_starts_when_all_is_said(said: str) -> None:
    """The control: no proxy at all is an answer too."""
    started = start(TRUSTED_PROXY_COUNT=said)

    assert (started.returncode, started.stdout.split()) == (0, [said, "True", "^health/"]), started.stderr


def test_a_staging_site_takes_the_sandbox_s_events_without_tls() -> None:
    """They come over the private network, and the sandbox follows no redirect; with a live key, none is taken."""
    started = start(PAYSTACK_SECRET_KEY=f"sk_test_{secrets.token_hex(20)}", ALLOW_PAYSTACK_TEST_KEY="true")

    assert started.stdout.split()[2:] == ["^health/", "^webhooks/"], started.stderr


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TRUSTED_PROXY_COUNT", None, "Set these environment variables.*TRUSTED_PROXY_COUNT"),
        ("TRUSTED_PROXY_COUNT", " ", "Set these environment variables.*TRUSTED_PROXY_COUNT"),
        ("TRUSTED_PROXY_COUNT", "one", "whole number"),
        ("TRUSTED_PROXY_COUNT", "-1", "whole number"),
        ("SECRET_KEY", published.LOCAL_SECRET_KEY, "kit.E010"),
        ("SECRET_KEY", "a" * 56, "kit.E011"),
        ("PAYSTACK_BASE_URL", "http://127.0.0.1:8001", "kit.E012"),
        ("PAYSTACK_SECRET_KEY", "pk_live_0123456789", "not a live key"),
    ],
)
def test_production_refuses_to_start(name: str, value: str | None, says: str) -> None:
    refused = start(**{name: value})

    assert refused.returncode != 0
    assert "ImproperlyConfigured" in refused.stderr
    assert re.search(says, refused.stderr)
