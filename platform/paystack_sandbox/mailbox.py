"""Pages that show the local market's mail: the list, a letter as HTML and as text, its attachments."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from paystack_sandbox import pages
from paystack_sandbox.letters import Letter, count_files, find_letter, newest_letters
from paystack_sandbox.serving import refuse_without_key, sandbox_of

PAGE_FILES = 50
LAST_PAGE = 100_000
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]")
# Its own document, first: a letter's own doctype after it is ignored, and so is any later base element.
LETTER_START = '<!DOCTYPE html><meta charset="utf-8"><base target="_blank">'
LETTER_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline';"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'self'; img-src data:"
)
GUARDED = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-content-type-options": "nosniff"}


def mailbox(page: Callable[[Request, Path], Response]) -> Callable[[Request], Awaitable[Response]]:
    """Wrap a page of the mailbox: there is none without a folder, and others than this machine need the key."""

    async def handle(request: Request) -> Response:
        if refused := refuse_without_key(request):
            return refused
        folder = sandbox_of(request).config.mail
        return _not_found(request) if folder is None else page(request, folder)

    return handle


def show_mailbox(request: Request, folder: Path) -> Response:
    """List the letters, newest first."""
    number = _page_number(request)
    total = count_files(folder)
    return pages.render(
        sandbox_of(request),
        "mailbox.html",
        letters=newest_letters(folder, skip=(number - 1) * PAGE_FILES, files=PAGE_FILES),
        newer=number - 1,
        older=number + 1 if total > number * PAGE_FILES else 0,
    )


def show_letter(request: Request, folder: Path) -> Response:
    """Show one letter with its text; its HTML is in a frame."""
    letter = _letter(request, folder)
    if letter is None:
        return _not_found(request)
    return pages.render(
        sandbox_of(request), "letter.html", letter=letter, pieces=with_links(letter.text), frames="'self'"
    )


def show_html(request: Request, folder: Path) -> Response:
    """Serve a letter's HTML for the frame: no scripts, no forms, no pictures but the market's; links open a new tab."""
    letter = _letter(request, folder)
    if letter is None or not letter.html:
        return _not_found(request)
    pictures = sandbox_of(request).config.mail_pictures
    headers = {**GUARDED, "content-security-policy": f"{LETTER_POLICY} {pictures}".rstrip()}
    content = (LETTER_START + letter.html).encode("utf-8", "replace")
    return Response(content, media_type="text/html; charset=utf-8", headers=headers)


def send_attachment(request: Request, folder: Path) -> Response:
    """Serve an attachment as a file to keep, never as a page."""
    letter, number = _letter(request, folder), request.path_params["number"]
    if letter is None or number >= len(letter.attachments):
        return _not_found(request)
    attachment = letter.attachments[number]
    headers = {
        **GUARDED,
        "content-security-policy": "sandbox; default-src 'none'",
        "content-disposition": f"attachment; filename*=utf-8''{quote(attachment.name, safe='')}",
    }
    return Response(attachment.content, media_type="application/octet-stream", headers=headers)


def with_links(text: str) -> list[tuple[str, bool]]:
    """Return the pieces of a text, each with whether it is a web address."""
    pieces, end = [], 0
    for found in WEB_ADDRESS.finditer(text):
        pieces += [(text[end : found.start()], False), (found[0], True)]
        end = found.end()
    return [*pieces, (text[end:], False)]


def _not_found(request: Request) -> Response:
    return pages.not_found(sandbox_of(request), text="This letter is not in the mailbox.")


def _letter(request: Request, folder: Path) -> Letter | None:
    return find_letter(folder, request.path_params["letter_id"])


def _page_number(request: Request) -> int:
    given = request.query_params.get("page", "1")
    is_number = given.isascii() and given.isdigit() and len(given) <= len(str(LAST_PAGE))
    return max(int(given), 1) if is_number else 1


ROUTES = [
    Route("/sandbox/mail", mailbox(show_mailbox), methods=["GET"]),
    Route("/sandbox/mail/{letter_id}", mailbox(show_letter), methods=["GET"]),
    Route("/sandbox/mail/{letter_id}/html", mailbox(show_html), methods=["GET"]),
    Route("/sandbox/mail/{letter_id}/attachments/{number:int}", mailbox(send_attachment), methods=["GET"]),
]
