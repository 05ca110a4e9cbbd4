"""The local market's mail in the browser: the list, letters as HTML and as text, and letters that mean harm."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.filebased import EmailBackend

from paystack_sandbox.mailbox import with_links
from paystack_sandbox.testing import SandboxProcess

KEY = "sk_test_of_the_mailbox"
NOWHERE = "http://127.0.0.1:9/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mail"
    made.mkdir()
    return made


@pytest.fixture
def client(folder: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    options = {"store": tmp_path / "sandbox.sqlite3", "webhook_url": NOWHERE, "secret_key": KEY}
    with (
        SandboxProcess("--mail", str(folder), **options) as sandbox,  # type: ignore[arg-type]
        httpx.Client(base_url=sandbox.url) as opened,
    ):
        yield opened


def send(folder: Path, *messages: EmailMultiAlternatives) -> None:
    """Write letters as the market does."""
    with EmailBackend(file_path=str(folder)) as backend:
        backend.send_messages(list(messages))


def letter(
    subject: str = "Hello", *, text: str = "A text.", html: str = "", to: str = "a@b.ng"
) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(subject, text, "market@kasuwa.test", [to])
    if html:
        message.attach_alternative(html, "text/html")
    return message


def first_letter(client: httpx.Client) -> str:
    """Return the address of the newest letter."""
    page = client.get("/sandbox/mail/").text
    return page.split('href="/sandbox/mail/')[1].split('/"')[0]


def store(folder: Path, raw: bytes, *, name: str = "20260101-101500-1", at: float = 0) -> Path:
    path = folder / f"{name}.log"
    path.write_bytes(raw + b"\n" + b"-" * 79 + b"\n")
    if at:
        os.utime(path, (at, at))
    return path


def test_an_empty_mailbox_says_how_a_letter_gets_there(client: httpx.Client, folder: Path) -> None:
    assert "No letter has been sent yet" in client.get("/sandbox/mail/").text
    folder.rmdir()
    assert client.get("/sandbox/mail/").status_code == 200


def test_letters_are_listed_newest_first_with_recipient_and_time(client: httpx.Client, folder: Path) -> None:
    for number, minute in enumerate((10, 30, 20)):
        head = (
            f"To: Ada{number} <ada{number}@b.ng>\nSubject: Letter {number}\nDate: Thu, 01 Jan 2026 11:{minute}:00 +0100"
        )
        store(folder, f"{head}\n\n".encode(), name=f"20260101-1{minute}000-{number}", at=1_767_261_600 + minute * 60)
    page = client.get("/sandbox/mail/").text
    assert [page.index(f"Letter {number}") for number in (1, 2, 0)] == sorted(
        page.index(f"Letter {n}") for n in range(3)
    )
    assert "Ada1 &lt;ada1@b.ng&gt;" in page
    assert "2026-01-01 10:30:00 UTC" in page


def test_more_letters_than_a_page_holds_are_paged(client: httpx.Client, folder: Path) -> None:
    for number in range(51):
        store(folder, f"Subject: Letter {number}.\n\n".encode(), name=f"20260101-101500-{number}", at=1000 + number)
    first, second = client.get("/sandbox/mail/").text, client.get("/sandbox/mail/?page=2").text
    assert ("Letter 50." in first, "Letter 0." in first, "Older letters" in first) == (True, False, True)
    assert ("Letter 0." in second, "Newer letters" in second, "Older letters" in second) == (True, True, False)
    for odd in ("0", "-1", "x", "²", "9" * 400, "99999"):
        assert client.get("/sandbox/mail/", params={"page": odd}).status_code == 200


def test_a_letter_is_shown_as_html_in_a_frame_and_as_text_with_links(client: httpx.Client, folder: Path) -> None:
    link = "http://kasuwa.localhost:8000/account/confirm/?a=1&b=2"
    send(folder, letter("Ẹ káàbọ̀", text=f"Open {link}.\nThanks", html=f'<p>Press <a href="{link}">here</a></p>'))
    path = f"/sandbox/mail/{first_letter(client)}"
    page = client.get(path)
    assert "Ẹ káàbọ̀" in page.text
    assert f'href="{link.replace("&", "&amp;")}" target="_blank"' in page.text
    assert f'src="{path}/html"' in page.text
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]

    html = client.get(f"{path}/html")
    assert html.text.startswith('<!DOCTYPE html><meta charset="utf-8"><base target="_blank">')
    assert f'<a href="{link}">here</a>' in html.text


def test_nothing_in_a_letter_runs_or_is_fetched(client: httpx.Client, folder: Path) -> None:
    hostile = (
        '<script>alert(1)</script><img src="http://evil.test/x" onerror="alert(2)"><base href="http://evil.test/">'
    )
    send(folder, letter("<script>alert(3)</script>", text="<script>alert(4)</script>", html=hostile, to="<b>@b.ng"))
    path = f"/sandbox/mail/{first_letter(client)}"
    for page in (client.get("/sandbox/mail/"), client.get(path)):
        assert "<script" not in page.text
        assert "&lt;script&gt;alert(3)" in page.text
        assert "script-src" not in page.headers["content-security-policy"]
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
    policy = client.get(f"{path}/html").headers["content-security-policy"].split("; ")
    assert policy[0] == "sandbox allow-popups allow-popups-to-escape-sandbox"
    assert {"default-src 'none'", "img-src data:", "base-uri 'none'", "form-action 'none'"} <= set(policy)
    assert not [rule for rule in policy if rule.startswith("script-src")]


def test_a_letter_shows_pictures_of_the_market_alone(folder: Path, tmp_path: Path) -> None:
    pictures = "http://kasuwa.localhost:8000/media/"
    options = ("--mail", str(folder), "--mail-pictures", pictures)
    send(folder, letter(html=f'<img src="{pictures}logo.webp">'))
    with (
        SandboxProcess(*options, store=tmp_path / "s.sqlite3", webhook_url=NOWHERE, secret_key=KEY) as sandbox,
        httpx.Client(base_url=sandbox.url) as client,
    ):
        page = client.get(f"/sandbox/mail/{first_letter(client)}/html")
    policy = page.headers["content-security-policy"].split("; ")
    assert f"img-src data: {pictures}" in policy
    assert "default-src 'none'" in policy


def test_an_attachment_is_a_file_to_keep_and_never_a_page(client: httpx.Client, folder: Path) -> None:
    message = letter()
    message.attach("Quittung № 1.html", "<script>alert(1)</script>", "text/html")
    message.attach('../../etc/pass"wd\u202e', b"\x00\x01", "application/pdf")
    send(folder, message)
    path = f"/sandbox/mail/{first_letter(client)}"
    assert "Quittung № 1.html" in client.get(path).text
    first, second = client.get(f"{path}/attachments/0"), client.get(f"{path}/attachments/1")
    assert first.content == b"<script>alert(1)</script>"
    assert second.content == b"\x00\x01"
    for answer in (first, second):
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("sandbox;")
    assert second.headers["content-disposition"].endswith("''pass%22wd")
    for number in ("2", "-1", "99999999999999999999", "x"):
        assert client.get(f"{path}/attachments/{number}").status_code == 404


@pytest.mark.parametrize(
    "letter_id",
    [
        "..%2F..%2Fsecrets.json",
        "..%2Fsecret-0",
        "%2Fetc%2Fpasswd",
        "20260101-101500-1",
        "20260101-101500-1-9",
        "20260101-101500-1-٠",
        "20260101-101500-1-0%00",
        "20260101-101500-1-0%0A",
        "20260101-101500-2-0",
        "note-0",
    ],
)
def test_ids_lead_to_letters_and_to_no_other_file(client: httpx.Client, folder: Path, letter_id: str) -> None:
    raw = b"Subject: Here\n\nsecret\n" + b"-" * 79 + b"\n"
    store(folder, raw)
    for path in (folder.parent / "secret.log", folder / "note.log"):
        path.write_bytes(raw)
    (folder / "20260101-101500-2.log").symlink_to(folder.parent / "secret.log")
    assert client.get("/sandbox/mail/20260101-101500-1-0").status_code == 200
    for rest in ("", "/html", "/attachments/0"):
        answer = client.get(f"/sandbox/mail/{letter_id}{rest}")
        assert (answer.status_code, "secret" in answer.text) == (404, False)


def test_letters_that_share_a_file_are_apart_and_half_written_ones_are_left_out(
    client: httpx.Client, folder: Path
) -> None:
    send(folder, letter("First"), letter("Second"))
    path = next(folder.iterdir())
    path.write_bytes(path.read_bytes() + b"Subject: Third\n\nhalf of")
    page = client.get("/sandbox/mail/").text
    assert page.count("<li>") == 2
    assert ("First" in page, "Second" in page, "Third" in page) == (True, True, False)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        b"no header at all",
        b"Subject: =?klingon?q?=FF?=\nDate: 99 Never 0000\nContent-Type: text/plain; charset=klingon\n\n\xff\xfe",
        b"Subject: =?utf-8?b?####?=\nContent-Transfer-Encoding: base64\n\n%%%%",
        b"To: \xff\xfe\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/",
        b"Date: Thu, 01 Jan 0001 00:00:00 +2359\nContent-Type: text/html\n\n<p>\xff",
        b"Content-Type: text/plain\nContent-Disposition: attachment; filename*=klingon''%FF\n\nx",
    ],
)
def test_letters_that_are_broken_are_shown_as_far_as_they_go(client: httpx.Client, folder: Path, raw: bytes) -> None:
    store(folder, raw)
    assert client.get("/sandbox/mail/").status_code == 200
    assert client.get("/sandbox/mail/20260101-101500-1-0").status_code == 200
    assert client.get("/sandbox/mail/20260101-101500-1-0/html").status_code in (200, 404)
    assert client.get("/sandbox/mail/20260101-101500-1-0/attachments/0").status_code in (200, 404)


def test_links_end_before_the_marks_of_the_sentence() -> None:
    text = "See http://a.localhost/x?y=(1), https://b.test. No javascript:alert(1) <http://c.test/>"
    assert [piece for piece, is_link in with_links(text) if is_link] == [
        "http://a.localhost/x?y=(1",
        "https://b.test",
        "http://c.test/",
    ]
    assert "".join(piece for piece, _ in with_links(text)) == text


def test_without_a_folder_there_is_no_mailbox(tmp_path: Path) -> None:
    with SandboxProcess(store=tmp_path / "s.sqlite3", webhook_url=NOWHERE, secret_key=KEY) as sandbox:
        assert httpx.get(f"{sandbox.url}/sandbox/mail/").status_code == 404
        assert "/sandbox/mail/" not in httpx.get(f"{sandbox.url}/sandbox/", follow_redirects=True).text


@pytest.mark.parametrize("path", ["/sandbox/mail/", "/sandbox/mail/20260101-101500-1-0/html", "/sandbox/"])
def test_mail_is_for_this_machine_by_its_own_name(client: httpx.Client, folder: Path, path: str) -> None:
    """A site whose name leads to this machine gets nothing (DNS rebinding)."""
    store(folder, b"Content-Type: text/html\n\nHello")
    for host in ("evil.test", "evil.test:8001", "localhost.evil.test", "[::1", ""):
        assert client.get(path, headers={"Host": host}, follow_redirects=True).status_code in (400, 401), host
    for host in ("localhost:8001", "127.0.0.1", "[::1]:8001", "kasuwa.localhost"):
        assert client.get(path, headers={"Host": host}, follow_redirects=False).status_code in (200, 307), host
