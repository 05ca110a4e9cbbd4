"""Host names, addresses of shops, slugs."""

import pytest
from django.test import RequestFactory

from tenants.errors import InvalidSlugError, ReservedSlugError
from tenants.models import Shop
from tenants.shops.addresses import HostKind, kind_of, requested_host, shop_url, slug_of_host
from tenants.shops.slugs import check_slug, schema_name_of


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("kasuwa.localhost", ("kasuwa.localhost", "")),
        ("KASUWA.LocalHost:8000", ("kasuwa.localhost", "8000")),
        ("indigo-fabrics.kasuwa.localhost.", ("indigo-fabrics.kasuwa.localhost", "")),
        ("Indigo-Fabrics.Kasuwa.Localhost.:8000", ("indigo-fabrics.kasuwa.localhost", "8000")),
        ("[::1]:8000", ("[::1]", "8000")),
        ("two words", ("", "")),
        ("a@b.kasuwa.localhost", ("", "")),
        ("indigo.kasuwa.localhost/../admin", ("", "")),
        ("indigo.kasuwa.localhost, kasuwa.localhost", ("", "")),
    ],
)
def test_host_is_read_in_one_spelling(header: str, expected: tuple[str, str]) -> None:
    assert requested_host(RequestFactory().get("/", headers={"host": header})) == expected


@pytest.mark.parametrize(
    ("host", "kind"),
    [
        ("kasuwa.localhost", HostKind.PLATFORM),
        ("www.kasuwa.localhost", HostKind.ALIAS),
        ("localhost", HostKind.ALIAS),
        ("127.0.0.1", HostKind.ALIAS),
        ("[::1]", HostKind.ALIAS),
        ("10.1.2.3", HostKind.ADDRESS),
        ("indigo.kasuwa.localhost", HostKind.OTHER),
        ("example.com", HostKind.OTHER),
        ("evilkasuwa.localhost", HostKind.OTHER),
        ("kasuwa.localhost.example.com", HostKind.OTHER),
        ("", HostKind.OTHER),
    ],
)
def test_kind_of_host(host: str, kind: HostKind) -> None:
    assert kind_of(host) is kind


@pytest.mark.parametrize(
    ("host", "slug"),
    [
        ("indigo.kasuwa.localhost", "indigo"),
        ("a.b.kasuwa.localhost", None),
        ("evilkasuwa.localhost", None),
        ("kasuwa.localhost", None),
        (".kasuwa.localhost", ""),
    ],
)
def test_slug_of_host(host: str, slug: str | None) -> None:
    assert slug_of_host(host) == slug


def test_shop_url_carries_the_port() -> None:
    assert shop_url(Shop(slug="indigo"), "/dashboard/") == "http://indigo.kasuwa.localhost:8000/dashboard/"


@pytest.mark.parametrize(
    "slug",
    ["", "ab", "a" * 51, "Indigo", "indigo_fabrics", "-indigo", "indigo-", "a--b", "xn--80ak", "1shop", "naïve", "a.b"],
)
def test_bad_slugs_are_refused(slug: str) -> None:
    with pytest.raises(InvalidSlugError):
        check_slug(slug)


@pytest.mark.parametrize("slug", ["www", "api", "admin", "operator", "health", "static"])
def test_reserved_slugs_are_refused(slug: str) -> None:
    with pytest.raises(ReservedSlugError):
        check_slug(slug)


@pytest.mark.parametrize("slug", ["abc", "a" * 50, "copper-kitchen", "shop-24"])
def test_good_slugs_pass_and_fit_a_schema_name(slug: str) -> None:
    check_slug(slug)
    assert len(schema_name_of(slug)) <= 63
