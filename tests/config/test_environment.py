"""Values of the environment that cannot be read are refused by the variable's name, and passwords are not shown."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.settings.parts.env import database, env, origins, port, redis_address

NAME = "KASUWA_TRIED"
DATABASE: dict[str, Any] = {"default": "postgres://localhost/kasuwa"}
REDIS: dict[str, Any] = {"default": "redis://localhost:6379/0"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("abc", lambda: env.int(NAME, default=1)),
        ("1.5", lambda: env.int(NAME, default=1)),
        ("soon", lambda: env.float(NAME, default=1.0)),
        ("perhaps", lambda: env.bool(NAME, default=False)),
        ("{", lambda: env.json(NAME, default={})),
        ("abc", lambda: port(NAME, default=8000)),
        ("0", lambda: port(NAME, default=8000)),
        ("65536", lambda: port(NAME, default=8000)),
        ("-1", lambda: port(NAME, default=8000)),
    ],
)
def test_a_value_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch, text: str, read: Any) -> None:
    monkeypatch.setenv(NAME, text)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be .*{text}"):
        read()


@pytest.mark.parametrize(
    "text", ["garbage", "mysql://u:secret@h/x", "postgres://u:secret@h", "postgres://u:secret@h:99999999/x", ""]
)
def test_an_address_of_another_kind_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(NAME, text)
    for read, more in ((database, DATABASE), (redis_address, REDIS)):
        with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be") as refusal:
            read(NAME, **more)
        assert "secret" not in str(refusal.value)


def test_good_values_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (env.int(NAME, default=7), env.bool(NAME, default=True), port(NAME, default=8000)) == (7, True, 8000)
    assert (database(NAME, **DATABASE)["NAME"], redis_address(NAME, **REDIS)) == ("kasuwa", REDIS["default"])
    for text, is_true in (("yes", True), ("On", True), ("1", True), ("no", False), ("0", False), ("false", False)):
        monkeypatch.setenv(NAME, text)
        assert env.bool(NAME, default=not is_true) is is_true
    monkeypatch.setenv(NAME, "postgresql://kasuwa@/kasuwa?host=/run/here")
    assert database(NAME, **DATABASE)["OPTIONS"]["host"] == "/run/here"


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "null",
        "shop.example.com",
        "//shop.example.com",
        "https://",
        "https://*.example.com",
        "https://shop.example.com/",
        "https://shop.example.com/path",
        "https://shop.example.com?x=1",
        "https://shop.example.com:443",
        "http://shop.example.com:80",
        "https://shop.example.com:0",
        "https://shop.example.com:65536",
        "https://shop.example.com:",
        "https://Shop.example.com",
        "HTTPS://shop.example.com",
        "https://ada@shop.example.com",
        "https://shop..example.com",
        "https://-shop.example.com",
        "https://shop_1.example.com",
        "https://bücher.example",
        "ftp://shop.example.com",
        "https://shop.example.com https://b.example.com",
    ],
)
def test_a_front_end_that_no_browser_would_name_so_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv(NAME, f"https://good.example,{text}")
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} must be origins in small letters") as refusal:
        origins(NAME)
    assert text in str(refusal.value)
    assert "good.example," not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("", set()),
        (" , ", set()),
        ("https://shop.example.com", {"https://shop.example.com"}),
        ("http://localhost:3000, https://a.example:8443 ,", {"http://localhost:3000", "https://a.example:8443"}),
        ("http://127.0.0.1:3000,http://[::1]:3000", {"http://127.0.0.1:3000", "http://[::1]:3000"}),
        ("https://xn--bcher-kva.example", {"https://xn--bcher-kva.example"}),
    ],
)
def test_front_ends_are_read(monkeypatch: pytest.MonkeyPatch, text: str, read: set[str]) -> None:
    monkeypatch.setenv(NAME, text)
    assert origins(NAME) == read
