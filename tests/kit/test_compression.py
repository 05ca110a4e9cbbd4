"""Pages and files as gzip for browsers that take it, and as they are for everybody else."""

import gzip
from typing import Any

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory

from kit.web.compression import CompressionMiddleware

pytestmark = pytest.mark.django_db
LONG = "<p>cloth</p>" * 400


def answer(response: HttpResponseBase, accepts: str = "gzip, deflate, br", path: str = "/") -> Any:
    request: HttpRequest = RequestFactory().get(path, headers={"Accept-Encoding": accepts} if accepts else None)
    return CompressionMiddleware(lambda _: response)(request)


@pytest.mark.parametrize("accepts", ["gzip", "br, gzip", "deflate, GZIP;q=0.5"])
def test_a_page_is_compressed(accepts: str) -> None:
    sent = answer(HttpResponse(LONG, headers={"ETag": '"v1"', "Vary": "Cookie"}), accepts)
    assert gzip.decompress(sent.content).decode() == LONG
    assert len(sent.content) == int(sent["Content-Length"]) < len(LONG)
    assert (sent["Content-Encoding"], sent["ETag"], sent["Vary"]) == ("gzip", 'W/"v1"', "Cookie, Accept-Encoding")


@pytest.mark.parametrize("accepts", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0", "x-gzipped"])
def test_a_caller_that_takes_no_gzip_gets_the_page(accepts: str) -> None:
    sent = answer(HttpResponse(LONG), accepts)
    assert "Content-Encoding" not in sent
    assert (sent.content.decode(), sent["Vary"]) == (LONG, "Accept-Encoding")


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse("short"),
        HttpResponse(status=304),
        HttpResponse(LONG, content_type="application/json"),
        HttpResponse(LONG, content_type="image/webp"),
        HttpResponse(LONG, headers={"Content-Encoding": "br"}),
    ],
)
def test_what_is_not_worth_it_is_left_alone(response: HttpResponse) -> None:
    before = response.content
    sent = answer(response)
    assert sent.content == before
    assert sent.headers.get("Content-Encoding", "") != "gzip"
    assert "ETag" not in sent


def test_lengths_of_a_page_tell_little() -> None:
    assert len({len(answer(HttpResponse(LONG)).content) for _ in range(30)}) > 5


def test_a_file_is_compressed_once(tmp_path: Any) -> None:
    file = tmp_path / "a.css"
    file.write_text("a{b:c}" * 500)
    middleware = CompressionMiddleware(lambda _: FileResponse(file.open("rb"), content_type="text/css"))
    request = RequestFactory().get("/static/a.css", headers={"Accept-Encoding": "gzip"})
    first, second = middleware(request), middleware(request)
    assert isinstance(first, HttpResponse)
    assert isinstance(second, HttpResponse)
    assert gzip.decompress(first.content) == file.read_bytes()
    assert first.content is second.content


@pytest.mark.parametrize(("path", "status"), [("/media/a.svg", 200), ("/static/a.svg", 206)])
def test_uploaded_files_and_parts_of_files_are_left_alone(tmp_path: Any, path: str, status: int) -> None:
    file = tmp_path / "a.svg"
    file.write_text("<svg/>" * 500)
    sent = answer(FileResponse(file.open("rb"), content_type="image/svg+xml", status=status), path=path)
    assert "Content-Encoding" not in sent
    assert b"".join(sent.streaming_content) == file.read_bytes()
    sent.close()


def test_the_market_sends_its_pages_compressed(client: Client) -> None:
    plain = client.get("/")
    packed = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert len(gzip.decompress(packed.content)) == len(plain.content)
