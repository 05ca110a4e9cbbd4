"""An address with a NUL is a bad request everywhere, never a server error."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.parametrize(
    "path",
    ["/search/?q=%00", "/orders/KS-%00/", "/api/v1/listings/?search=a%00b", "/api/v1/orders/%00/", "/shops/%00/"],
)
@pytest.mark.django_db
def test_a_nul_is_a_bad_request(client: Client, path: str) -> None:
    assert client.get(path).status_code == 400


@pytest.mark.django_db
def test_what_only_looks_like_one_is_searched_for(client: Client) -> None:
    assert client.get("/search/?q=100%2500").status_code == 200
