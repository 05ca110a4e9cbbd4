"""A browser that goes between the platform and shops' own domains."""

from __future__ import annotations

from html import unescape
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client

from accounts.models import User

HOST, OTHER = "indigo.example", "copper.example"
ORIGIN = f"http://{HOST}:8000"
HAND_OFF = "/account/hand-off/"
WANTED = "/dashboard/orders/?status=all&q=a%20b"


class Browser:
    """One browser, which keeps cookies for each host apart as browsers do."""

    def __init__(self, **options: Any) -> None:
        self.options = options
        self.jars: dict[str, Client] = {}

    def at(self, host: str) -> Client:
        family = "kasuwa.localhost" if host.endswith("kasuwa.localhost") else host
        if family not in self.jars:
            self.jars[family] = Client(**self.options)
        client = self.jars[family]
        client.defaults["HTTP_HOST"] = f"{host}:8000"
        return client

    def open(self, address: str) -> HttpResponse:
        """Open an address, without following where it leads."""
        parts = urlsplit(address)
        assert parts.hostname
        return self.at(parts.hostname).get(f"{parts.path}?{parts.query}")  # type: ignore[return-value]

    def leave(self, path: str = WANTED, host: str = HOST) -> str:
        """Ask for a page, and return where the platform is to hand over."""
        answer = self.open(f"http://{host}:8000{path}")
        assert answer.status_code == 302, answer.content
        return str(answer.headers["Location"])

    def sign_in(self, user: User) -> None:
        self.at("kasuwa.localhost").force_login(user)

    def fetch(self, path: str = WANTED, host: str = HOST) -> str:
        """Leave, and return the address with a token that the platform leads to."""
        return onward(self.open(self.leave(path, host)))

    def is_in(self, host: str = HOST) -> bool:
        return self.at(host).get("/dashboard/").status_code == 200


def onward(answer: Any) -> str:
    """Return the address of a page's link or redirect to a shop's own domain."""
    if answer.status_code == HTTPStatus.FOUND:
        address = answer.headers["Location"]
        assert "kasuwa.localhost" not in address, address
        return str(address)
    assert answer.status_code == 200, (answer.status_code, answer.headers, answer.content)
    url = answer.headers["Refresh"].removeprefix("0; url=")
    assert f'href="{url}"' in unescape(answer.content.decode())
    return str(url)
