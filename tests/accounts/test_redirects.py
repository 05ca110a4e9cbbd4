"""Recognition of our own addresses."""

import pytest
from django.conf import LazySettings

from accounts.redirects import is_own_url, sign_in_url

pytestmark = pytest.mark.django_db  # shops' own domains are data


@pytest.mark.parametrize(
    "url", ["/", "/cart/?a=b", "http://kasuwa.localhost:8000/", "http://a.kasuwa.localhost:8000/x"]
)
def test_ours(url: str) -> None:
    assert is_own_url(url)


@pytest.mark.parametrize(
    "url",
    ["", "http://kasuwa.localhost/", "http://localhost:8000/", "http://[::1]:8000/", "http://[/", "\n//evil.example"],
)
def test_not_ours(url: str) -> None:
    assert not is_own_url(url)


def test_production_keeps_to_https(settings: LazySettings) -> None:
    settings.PLATFORM_SCHEME = "https"
    settings.BASE_DOMAIN = "kasuwa.example"
    assert is_own_url("https://indigo.kasuwa.example/dashboard/")
    assert not is_own_url("http://indigo.kasuwa.example/dashboard/")
    assert not is_own_url("https://indigo.kasuwa.example:444/dashboard/")


def test_sign_in_url_carries_only_our_own() -> None:
    assert sign_in_url("https://evil.example/") == "http://kasuwa.localhost:8000/account/sign-in/"
    assert sign_in_url("/cart/").endswith("?next=%2Fcart%2F")
