"""Domains as people enter them."""

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from tenants.errors import InvalidHostError
from tenants.hosts.domain_names import clean_host, readable_host


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("shop.example", "shop.example"),
        ("  SHOP.Example. ", "shop.example"),
        ("www.ádá.ng", "www.xn--d-tfab.ng"),
        ("XN--D-TFAB.ng", "xn--d-tfab.ng"),
        ("ｓｈｏｐ。example", "shop.example"),
        ("my-shop.com.ng", "my-shop.com.ng"),
        ("indigo-shop.localhost", "indigo-shop.localhost"),
        ("ada.github.io", "ada.github.io"),
    ],
)
def test_what_is_a_domain(typed: str, host: str) -> None:
    assert clean_host(typed) == host


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("", "Type your domain"),
        ("https://shop.example/path", "just shop.example"),
        ("shop.example/", "just shop.example"),
        ("//shop.example", "Leave out https://"),
        ("https:\\\\shop.example\\x", "Leave out https://"),
        ("ada@shop.example", "e-mail address"),
        ("*.shop.example", "wildcard"),
        ("shop.example:8000", "port"),
        ("10.1.2.3", "IP address"),
        ("[::1]", "IP address"),
        ("::1", "IP address"),
        ("two words.example", "not a domain"),
        ("under_score.example", "not a domain"),
        ("-a.example", "not a domain"),
        ("a..example", "not a domain"),
        ("shop.example\r\nX-y", "not a domain"),
        ("shop.example\x00", "not a domain"),
        ("xn--\u00e4.example", "not a domain"),
        (f"{'a' * 64}.example", "not a domain"),
        (".".join(["a" * 60] * 4) + ".ng", "too long"),
        ("kasuwa.localhost", "the market itself"),
        ("indigo.kasuwa.localhost", "the market itself"),
        ("other.localhost.localdomain.lan", "only inside a network"),
        ("printer.local", "only inside a network"),
        ("db.internal", "only inside a network"),
        ("1.0.0.127.in-addr.arpa", "only inside a network"),
        ("com.ng", "only the ending"),
        ("ng", "only the ending"),
        ("github.io", "only the ending"),
    ],
)
def test_what_is_none(typed: str, hint: str) -> None:
    with pytest.raises(InvalidHostError) as caught:
        clean_host(typed)
    assert hint in caught.value.message
    assert caught.value.details == {"host": [caught.value.message]}


def test_names_of_this_machine_only_where_allowed(settings: LazySettings) -> None:
    settings.ALLOW_LOCAL_DOMAINS = False
    with pytest.raises(InvalidHostError):
        clean_host("indigo-shop.localhost")


def test_the_platforms_parent_and_other_names_are_refused(settings: LazySettings) -> None:
    settings.BASE_DOMAIN = "market.kasuwa.ng"
    settings.PLATFORM_ALIASES = ["old-market.example"]
    for name in ("kasuwa.ng", "market.kasuwa.ng", "x.market.kasuwa.ng", "old-market.example"):
        with pytest.raises(InvalidHostError):
            clean_host(name)
    assert clean_host("shop.kasuwa.ng") == "shop.kasuwa.ng"
    assert clean_host("supermarket.kasuwa.ng") == "supermarket.kasuwa.ng"


def test_people_read_accents() -> None:
    assert readable_host("www.xn--d-tfab.ng") == "www.ádá.ng"
    assert readable_host("shop.example") == "shop.example"


@given(st.text(max_size=80))
def test_anything_is_a_clean_host_or_refused(typed: str) -> None:
    try:
        host = clean_host(typed)
    except InvalidHostError:
        return
    assert clean_host(host) == host
    assert host == host.lower()
    assert set(host) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
