"""Headers of a request by name."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from kit.web.headers import header_of


@pytest.mark.parametrize("name", ["X-Cart-Token", "x-cart-token", "Content-Type"])
def test_a_header_is_found_as_django_finds_it(name: str, rf: RequestFactory) -> None:
    request = rf.post("/", "{}", content_type="application/json", headers={"X-Cart-Token": "abc"})

    assert header_of(request, name) == request.headers[name] != ""


def test_a_header_that_was_not_sent_is_empty(rf: RequestFactory) -> None:
    assert header_of(rf.get("/"), "X-Order-Key") == ""
