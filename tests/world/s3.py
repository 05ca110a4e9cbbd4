"""A small S3 over HTTP: objects in memory, path-style addresses, and every signature computed anew.

Signatures as in https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html; a bucket that is
public answers unsigned reads, and nothing else is answered without a good signature.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

ACCESS_KEY, SECRET_KEY = "AKIDKASUWA", "kx8ufZ2hV1qWc7Rb"
REGION = "us-east-1"
HEADER = re.compile(r"AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]+)")


@dataclass(slots=True)
class S3:
    """What the server holds, and how it behaves."""

    origin: str = ""
    public: set[str] = field(default_factory=set)
    objects: dict[str, tuple[bytes, dict[str, str]]] = field(default_factory=dict)  # by `bucket/key`
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    ahead: timedelta = timedelta(0)  # of its clock
    is_failing: bool = False

    def keys(self, bucket: str) -> list[str]:
        """Return the keys of a bucket's objects."""
        return sorted(name.partition("/")[2] for name in self.objects if name.startswith(f"{bucket}/"))


class _Handler(BaseHTTPRequestHandler):
    s3: S3
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._serve()

    def __getattr__(self, name: str) -> Any:
        if name in ("do_HEAD", "do_PUT", "do_POST", "do_DELETE"):
            return self.do_GET
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        self.query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.bucket, _, self.key = unquote(parts.path).removeprefix("/").partition("/")
        self.s3.requests.append(f"{self.command} {self.path}")
        if self.s3.is_failing:
            self._answer(503, b"<Error><Code>SlowDown</Code></Error>")
        elif not self._is_allowed():
            self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")
        else:
            getattr(self, f"_{self.command.lower()}")()

    def _is_allowed(self) -> bool:
        is_read = self.command in ("GET", "HEAD") and self.key != ""
        has_signature = "Authorization" in self.headers or "X-Amz-Signature" in self.query
        if not has_signature:
            return is_read and self.bucket in self.s3.public
        return self._has_good_signature()

    def _has_good_signature(self) -> bool:
        if "X-Amz-Signature" in self.query:
            credential, names = self.query["X-Amz-Credential"], self.query["X-Amz-SignedHeaders"]
            given, at, payload = self.query["X-Amz-Signature"], self.query["X-Amz-Date"], "UNSIGNED-PAYLOAD"
            began = datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            if datetime.now(UTC) + self.s3.ahead > began + timedelta(seconds=int(self.query["X-Amz-Expires"])):
                return False
        else:
            found = HEADER.fullmatch(self.headers["Authorization"])
            assert found
            credential, names, given = found.groups()
            at, payload = self.headers["X-Amz-Date"], self.headers["X-Amz-Content-SHA256"]
            if payload not in ("UNSIGNED-PAYLOAD", hashlib.sha256(self.body).hexdigest()):
                return False
        if credential != f"{ACCESS_KEY}/{at[:8]}/{REGION}/s3/aws4_request":
            return False
        return hmac.compare_digest(given, self._signature(names=names, at=at, payload=payload))

    def _signature(self, *, names: str, at: str, payload: str) -> str:
        query = sorted(
            (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
            for name, value in self.query.items()
            if name != "X-Amz-Signature"
        )
        headers = [f"{name}:{' '.join((self.headers.get(name) or '').split())}\n" for name in names.split(";")]
        canonical = [self.command, urlsplit(self.path).path, "&".join(f"{name}={value}" for name, value in query)]
        canonical += ["".join(headers), names, payload]
        scope = f"{at[:8]}/{REGION}/s3/aws4_request"
        asked = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{asked}"
        key = f"AWS4{SECRET_KEY}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.new(key, text.encode(), "sha256").hexdigest()

    def _put(self) -> None:
        if "uploadId" in self.query:
            self.s3.parts[self.query["uploadId"]][int(self.query["partNumber"])] = self.body
        else:
            self._keep(self.body)
        self._answer(200, headers={"ETag": f'"{hashlib.md5(self.body).hexdigest()}"'})

    def _post(self) -> None:
        if "uploads" in self.query:
            upload = f"upload-{len(self.s3.parts)}"
            self.s3.parts[upload] = {}
            self._answer(200, f"<R><UploadId>{upload}</UploadId></R>".encode())
            return
        parts = self.s3.parts.pop(self.query["uploadId"])
        self._keep(b"".join(parts[number] for number in sorted(parts)))
        self._answer(200, b'<R><ETag>"parts"</ETag></R>')

    def _keep(self, content: bytes) -> None:
        kept = {name: self.headers[name] for name in ("Content-Type", "Cache-Control") if name in self.headers}
        self.s3.objects[f"{self.bucket}/{self.key}"] = (content, kept)

    def _delete(self) -> None:
        self.s3.objects.pop(f"{self.bucket}/{self.key}", None)
        self._answer(204)

    def _get(self) -> None:
        if not self.key:
            self._list()
            return
        content, kept = self.s3.objects.get(f"{self.bucket}/{self.key}", (None, {}))
        if content is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        said = {
            name: self.query[f"response-{name.lower()}"]
            for name in ("Content-Type", "Content-Disposition")
            if f"response-{name.lower()}" in self.query
        }
        status, headers = 200, {"ETag": '"whole"', **kept, **said}
        if asked := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or ""):
            first, last = int(asked[1]), min(int(asked[2] or len(content)), len(content) - 1)
            status, headers["Content-Range"] = 206, f"bytes {first}-{last}/{len(content)}"
            content = content[first : last + 1]
        self._answer(status, content, headers=headers)

    _head = _get

    def _list(self) -> None:
        prefix = self.query.get("prefix", "")
        below = [key.removeprefix(prefix) for key in self.s3.keys(self.bucket) if key.startswith(prefix)]
        folders = sorted({name.partition("/")[0] for name in below if "/" in name})
        files = [name for name in below if "/" not in name]
        found = "".join(
            f"<CommonPrefixes><Prefix>{escape(prefix + name)}/</Prefix></CommonPrefixes>" for name in folders
        )
        found += "".join(f"<Contents><Key>{escape(prefix + name)}</Key></Contents>" for name in files)
        self._answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>".encode())

    def _answer(self, status: int, content: bytes = b"", *, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


@contextmanager
def serving_s3(*, public: str) -> Iterator[S3]:
    """Serve buckets for as long as the block lasts; one of them answers unsigned reads."""
    s3 = S3(public={public})
    handler: Any = type("Handler", (_Handler,), {"s3": s3})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    s3.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield s3
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
