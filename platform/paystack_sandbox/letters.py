"""Letters that the market left as files in one folder, as Django's file backend writes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

# A file may hold several letters; each ends with this line.
END = b"\n" + b"-" * 79 + b"\n"
FILE_NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]{1,20}")
LETTER_ID = re.compile(rf"({FILE_NAME.pattern})-([0-9]{{1,4}})")
UNNAMED = "attachment"
CHANNELS = {"sms": "SMS", "whatsapp": "WhatsApp"}  # of messages to phones, which are kept beside the letters


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a letter."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, decoded; `html` is empty where it has text alone, `channel` where it is an e-mail."""

    id: str
    to: str
    sender: str
    subject: str
    sent_at: datetime
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    channel: str = ""


def count_files(folder: Path) -> int:
    """Return the number of files with letters."""
    return len(_files(folder))


def newest_letters(folder: Path, *, skip: int, files: int) -> list[Letter]:
    """Return the letters of some files, newest first."""
    found = [letter for path in _files(folder)[skip : skip + files] for letter in reversed(list(_letters(path)))]
    return sorted(found, key=lambda letter: letter.sent_at, reverse=True)


def find_letter(folder: Path, letter_id: str) -> Letter | None:
    """Return a letter by its id, which is a file's name and a place in it, never a path."""
    matched = LETTER_ID.fullmatch(letter_id)
    if matched is None:
        return None
    path = folder / f"{matched[1]}.log"
    if path.is_symlink() or not path.is_file():
        return None
    return next((letter for letter in _letters(path) if letter.id == letter_id), None)


def _files(folder: Path) -> list[Path]:
    """Return the files with letters, newest first."""
    try:
        found = [path for path in folder.iterdir() if path.suffix == ".log" and FILE_NAME.fullmatch(path.stem)]
        dated = [(path.stat().st_mtime_ns, path.name, path) for path in found if not path.is_symlink()]
    except FileNotFoundError:  # the folder, or a file that went meanwhile
        return []
    return [path for _, _, path in sorted(dated, reverse=True)]


def _letters(path: Path) -> Iterator[Letter]:
    """Yield the letters of a file; one that is still being written has no end line and is left out."""
    written = path.stat().st_mtime
    for place, raw in enumerate(path.read_bytes().split(END)[:-1]):
        yield _read(f"{path.stem}-{place}", raw, datetime.fromtimestamp(written, UTC))


def _read(letter_id: str, raw: bytes, written: datetime) -> Letter:
    # The old policy: the new one raises on headers and charsets that are wrong, and a mailbox shows such letters too.
    message = BytesParser(policy=policy.compat32).parsebytes(raw)
    parts = [part for part in message.walk() if not part.is_multipart()]
    attached = [part for part in parts if part.get_content_disposition() == "attachment" or part.get_filename()]
    bodies = [part for part in parts if part not in attached]
    return Letter(
        id=letter_id,
        to=_header(message, "To"),
        sender=_header(message, "From"),
        subject=_header(message, "Subject"),
        sent_at=_sent_at(message) or written,
        text=_body(bodies, "text/plain"),
        html=_body(bodies, "text/html"),
        channel=CHANNELS.get(_header(message, "X-Channel"), ""),
        attachments=tuple(Attachment(_file_name(part), _content(part)) for part in attached),
    )


def _header(message: Message, name: str) -> str:
    """Return a header on one line, decoded where that is possible."""
    raw = str(message.get(name, ""))
    try:
        decoded = str(make_header(decode_header(raw)))
    except (HeaderParseError, LookupError, ValueError):
        decoded = raw
    return " ".join(decoded.encode("utf-8", "replace").decode().split())


def _sent_at(message: Message) -> datetime | None:
    try:
        sent = parsedate_to_datetime(_header(message, "Date"))
    except (ValueError, OverflowError):
        return None
    return sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent.astimezone(UTC)


def _body(parts: list[Message], content_type: str) -> str:
    """Return the text of the first part of a type; none is empty."""
    for part in parts:
        if part.get_content_type() == content_type:
            try:
                return _content(part).decode(part.get_content_charset("utf-8"), "replace")
            except LookupError:  # no charset of that name
                return _content(part).decode("utf-8", "replace")
    return ""


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _file_name(part: Message) -> str:
    """Return a file's name without folders and control characters."""
    given = " ".join(str(part.get_filename() or "").replace("\\", "/").rsplit("/", 1)[-1].split())
    return "".join(mark for mark in given if mark.isprintable()).strip(". ") or UNNAMED
