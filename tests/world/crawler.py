"""Following a site's links, a few of each kind, over plain HTTP."""

from __future__ import annotations

import re
from collections import Counter, deque
from html.parser import HTMLParser
from types import TracebackType
from urllib.parse import urldefrag, urljoin, urlsplit

import httpx

BASE_DOMAIN = "kasuwa.localhost"
OF_EACH_KIND = 4
IDS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|KS-[0-9A-Z]+(-\d+)?|(?<=/)\d+(?=/)|(?<=[=/])[a-z0-9]+(-[a-z0-9]+)+(?=[/&.]|$)"
)
VALUES = re.compile(r"=[^&]*")
ATTRIBUTES = {"a": "href", "link": "href", "script": "src", "img": "src", "source": "srcset"}


class _Links(HTMLParser):
    """Collects the addresses that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and name == ATTRIBUTES.get(tag):
                self.found.append(value)
            elif value and name == "srcset":
                self.found += [each.split()[0] for each in value.split(",")]


class Crawler:
    """Reads pages of the platform and its shops as somebody with cookies; `dead` says what led nowhere."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self.dead: list[str] = []
        self.seen: set[str] = set()
        self._kinds: Counter[str] = Counter()
        self._port = port
        self._cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._http = httpx.Client(timeout=60)

    def __enter__(self) -> Crawler:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def crawl(self, start: str, *, depth: int) -> None:
        """Follow links from an address, so many steps far."""
        waiting = deque([(start, "the start", depth)])
        self._is_new(start)
        while waiting:
            address, source, left = waiting.popleft()
            answer = self.get(address)
            if answer.is_error:
                self.dead.append(f"{answer.status_code} for {address}, linked from {source}")
            for link in self._links(address, answer) if left else ():
                if self._is_new(link):
                    waiting.append((link, address, left - 1))

    def get(self, address: str) -> httpx.Response:
        """Return the answer to one address, wherever it leads."""
        url = urlsplit(address)
        local = url._replace(netloc=f"127.0.0.1:{self._port}").geturl()
        return self._http.get(local, headers={"Host": url.netloc, "Cookie": self._cookie})

    def _links(self, address: str, answer: httpx.Response) -> list[str]:
        if answer.is_redirect:
            found = [answer.headers["Location"]]
        elif "text/html" in answer.headers.get("Content-Type", ""):
            reader = _Links()
            reader.feed(answer.text)
            found = reader.found
        else:
            return []
        absolute = [urldefrag(urljoin(address, link)).url for link in found]
        return [link for link in absolute if self._is_ours(link)]

    def _is_ours(self, address: str) -> bool:
        url = urlsplit(address)
        host = url.hostname or ""
        is_here = host == BASE_DOMAIN or host.endswith(f".{BASE_DOMAIN}")
        return url.scheme == "http" and is_here and url.port == self._port

    def _is_new(self, address: str) -> bool:
        """Return whether to open an address: it is new, and not many of its kind have been opened."""
        kind = VALUES.sub("=", IDS.sub("*", address))
        if address in self.seen or self._kinds[kind] >= OF_EACH_KIND:
            return False
        self.seen.add(address)
        self._kinds[kind] += 1
        return True
