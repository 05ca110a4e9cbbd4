"""An address with a NUL is a bad request everywhere, never a server error."""

from __future__ import annotations

import io
import logging

import pytest
from django.test import Client

from kit.log_limits import RefusalFilter


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


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "host"), [("/search/?q=%00", "kasuwa.localhost"), ("/", "not_a_host")])
def test_a_refused_request_is_one_line_of_the_log(client: Client, path: str, host: str) -> None:
    texts = {}
    handlers = [(logging.StreamHandler(io.StringIO()), has_filter) for has_filter in (False, True)]
    for handler, has_filter in handlers:
        if has_filter:
            handler.addFilter(RefusalFilter())
        logging.getLogger().addHandler(handler)
    try:
        assert client.get(path, headers={"host": host}).status_code == 400
    finally:
        for handler, has_filter in handlers:
            logging.getLogger().removeHandler(handler)
            texts[has_filter] = handler.stream.getvalue()
    assert len(texts[True].strip().splitlines()) == 1
    assert "Traceback" not in texts[True]
