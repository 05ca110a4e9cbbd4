"""A fresh browser in which somebody opens a link of a letter, and what its page has to be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client

from accounts.models import User

PASSWORD = "secret-pass-1"
ROOT = Path(__file__).parents[2]
LINK = re.compile(r"https?://[^\s\"'<>]+")
MAX_STEPS = 12


@dataclass(frozen=True, slots=True)
class Page:
    """The last page of a link.

    Args:
        path: of the last address.
        has_signed_in: whether the reader was asked who they are on the way.
    """

    status: int
    host: str
    path: str
    text: str
    has_signed_in: bool


class FreshBrowser:
    """A browser without a cookie; somebody in front of it who can sign in where they have an account."""

    def __init__(self, email: str = "") -> None:
        self._client = Client()
        self._email = email

    def open(self, url: str) -> Page:
        """Follow an address, over every redirect, and by way of the sign-in page."""
        has_signed_in = False
        for _ in range(MAX_STEPS):
            parts = urlsplit(url)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            response = self._client.get(target, HTTP_HOST=parts.netloc)
            if "/sign-in/" in parts.path and response.status_code == 200 and self._email and not has_signed_in:
                form = {"login": self._email, "password": PASSWORD}
                response, has_signed_in = self._client.post(target, form, HTTP_HOST=parts.netloc), True
            if response.status_code not in {301, 302, 303, 307, 308}:
                return _page(response, parts.netloc, parts.path, has_signed_in)
            url = urljoin(url, response.headers["Location"])
        raise AssertionError(f"{url} leads round in circles.")


def links_in(*texts: str) -> list[str]:
    """Return each address that a letter's parts name, once."""
    return sorted({unescape(link).rstrip(".,") for text in texts for link in LINK.findall(text)})


def letter_kinds() -> set[str]:
    """Return the templates of all letters that the product sends."""
    return {
        path.name.removesuffix(".subject.txt")
        for path in ROOT.glob("*/**/templates/notifications/email/*.subject.txt")
        if ".venv" not in path.parts
    }


def reader_of(email: str) -> str:
    """Return who can sign in with an address: nobody, where there is no account."""
    return email if User.objects.filter(email=email).exists() else ""


def _page(response: Any, host: str, path: str, has_signed_in: bool) -> Page:
    text = re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))
    return Page(response.status_code, host, path, text, has_signed_in)
