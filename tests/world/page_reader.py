"""The links, fragments and forms of a page's HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

SUBMITTING = {"submit", "image"}


@dataclass(slots=True)
class Form:
    """A form of a page.

    Args:
        html_id: the id by which buttons outside it name it.
        method: get or post.
        action: the address that it is sent to; empty for the page's own.
        is_sendable: whether a button of its own, or one that names it, sends it.
    """

    html_id: str
    method: str
    action: str
    is_sendable: bool = False


@dataclass(slots=True)
class PageHtml:
    """A page as a browser without scripts sees it."""

    links: list[str] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    forms: list[Form] = field(default_factory=list)

    @classmethod
    def of(cls, html: str) -> PageHtml:
        """Read a page's HTML."""
        reader = _Reader()
        reader.feed(html)
        for html_id in reader.buttons_of:
            for form in reader.page.forms:
                form.is_sendable = form.is_sendable or form.html_id == html_id
        return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = PageHtml()
        self.buttons_of: set[str] = set()
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if html_id := given.get("id"):
            self.page.ids.add(html_id)
        if tag == "a" and "name" in given:
            self.page.ids.add(given["name"])
        if tag in {"a", "area"} and "href" in given:
            self.page.links.append(given["href"])
        if tag == "form":
            self._open = Form(given.get("id", ""), given.get("method", "get").lower(), given.get("action", ""))
            self.page.forms.append(self._open)
        if _is_submit(tag, given):
            self._take_button(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    def _take_button(self, given: dict[str, str]) -> None:
        if "form" in given:
            self.buttons_of.add(given["form"])
        elif self._open is not None:
            self._open.is_sendable = True


def _is_submit(tag: str, given: dict[str, str]) -> bool:
    if tag == "button":
        return given.get("type", "submit").lower() == "submit" and "hidden" not in given
    return tag == "input" and given.get("type", "").lower() in SUBMITTING
