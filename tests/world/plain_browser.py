"""A browser without scripts: it follows links and sends forms as a page's own HTML says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urlencode, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.world.plain_page import PlainForm, PlainPage

LEADS_ON = {301, 302, 303}
Sent = list[tuple[str, Any]]


@dataclass
class PlainBrowser:
    """What somebody without scripts sees and does, one page after another.

    Args:
        host: of the open page; forms and links may lead to another one.
    """

    client: Client
    host: str
    path: str = ""
    status: int = 0
    page: PlainPage = field(default_factory=PlainPage)

    def open(self, address: str) -> Self:
        """Open an address, which may be relative to the open page, and follow where it leads."""
        return self._take(self.client.get(**self._to(address)))

    def follow(self, text: str) -> Self:
        """Follow the first link of some text."""
        return self.open(self.page.link(text))

    def fill(self, label: str, value: str) -> Self:
        """Type into the first field of a label, as it is read out."""
        self.page.labelled(label).value = value
        return self

    def choose(self, label: str, option: str) -> Self:
        """Choose from a list by the text of the choice."""
        control = self.page.labelled(label)
        control.value = next(value for value, text in control.options if text == option)
        return self

    def tick(self, label: str) -> Self:
        """Tick a box by its label."""
        self.page.labelled(label).is_ticked = True
        return self

    def attach(self, label: str, file: SimpleUploadedFile) -> Self:
        """Choose a file."""
        self.page.labelled(label).file = file
        return self

    def press(self, text: str) -> Self:
        """Press the first button of some text, and follow where its form leads."""
        button = self.page.button(text)
        form = self.page.form_of(button)
        sent = [pair for control in self.page.controls if control.form is form for pair in control.sent(button)]
        action = urljoin(self.path, button.action or form.action or self.path)
        if form.method == "get":
            return self.open(f"{action.partition('?')[0].partition('#')[0]}?{urlencode(sent)}")
        return self._take(self._posted(action.partition("#")[0], form, sent))

    def _posted(self, action: str, form: PlainForm, sent: Sent) -> Any:
        if form.takes_files:
            data: dict[str, Any] = {}
            for name, value in sent:
                data.setdefault(name, []).append(value)
            return self.client.post(**self._to(action), data=data)
        body = urlencode([(name, value) for name, value in sent if isinstance(value, str)])
        return self.client.post(**self._to(action), data=body, content_type="application/x-www-form-urlencoded")

    def _take(self, answer: Any) -> Self:
        asked = answer.request
        self.host, query = asked["HTTP_HOST"], asked.get("QUERY_STRING", "")
        self.path, self.status = asked["PATH_INFO"] + (f"?{query}" if query else ""), answer.status_code
        if self.status in LEADS_ON:
            return self.open(answer.headers["Location"])
        self.page = PlainPage.of(answer.content.decode())
        return self

    def _to(self, address: str) -> dict[str, Any]:
        parts = urlsplit(urljoin(self.path or "/", address))
        host = parts.netloc or self.host
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return {"path": path, "headers": {"host": host}}
