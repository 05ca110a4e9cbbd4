"""The text of a file: which encoding it has, and its lines without marks that are not part of them."""

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext, gettext_lazy

from catalogue.errors import ImportFileError

CHUNK = 64 * 1024
BYTE_ORDER_MARK = "\ufeff"
DELIMITERS = ",;\t|"
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)  # which Excel writes and reads as a first line
NOT_TEXT = gettext_lazy("The file is not text. Save the table as CSV in UTF-8.")


def open_text(file: BinaryIO) -> io.TextIOWrapper:
    """Read a file as text: UTF-8 or UTF-16, with or without marks, else what Excel writes on Windows.

    Raises:
        ImportFileError: it is a workbook, or no text.
    """
    return io.TextIOWrapper(file, encoding=_encoding(file), newline="")


def table_lines(text: io.TextIOWrapper) -> tuple[str, str, Iterator[str]]:
    """Return a table's first line, the delimiter that its first line of all may name, and an iterator of the rest."""
    first = text.readline().lstrip(BYTE_ORDER_MARK)
    named = SEPARATOR_LINE.fullmatch(first)
    if named is None:
        return first, "", text
    if named[1] not in DELIMITERS:
        raise ImportFileError(
            gettext("The file is separated by “%(named)s”. Save it with commas between the cells.")
            % {"named": named[1]}
        )
    return text.readline().lstrip(BYTE_ORDER_MARK), named[1], text


def _encoding(file: BinaryIO) -> str:
    file.seek(0)
    start = file.read(4)
    if start[:2] == b"PK" or start in {codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE}:
        raise ImportFileError(gettext("Save the table as “CSV UTF-8 (comma delimited)” and upload that file."))
    is_utf16 = start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
    for encoding in ("utf-16",) if is_utf16 else ("utf-8", "cp1252"):
        if _decodes(file, encoding):
            file.seek(0)
            return encoding
    raise ImportFileError(NOT_TEXT)


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(CHUNK):
            if "\0" in decoder.decode(chunk):
                raise ImportFileError(NOT_TEXT)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
