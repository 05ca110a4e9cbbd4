"""Documents that people upload: PDF, JPEG or PNG, judged by their content, and stored unchanged."""

import re
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext

from kit.errors import InvalidInputError
from kit.pictures.decoding import DamagedPictureError, read_format

MAX_BYTES = 5 * 1024 * 1024
PDF = "application/pdf"
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png"}
ENDINGS = {PDF: "pdf", "image/jpeg": "jpg", "image/png": "png"}
# ISO 32000-1, 7.5.2 and 7.5.5; readers look for both within the first and last kilobyte.
PDF_BEGINS, PDF_ENDS, PDF_WITHIN = b"%PDF-", b"%%EOF", 1024


@dataclass(frozen=True, slots=True)
class Document:
    """A document whose content is of a type that we take.

    Args:
        name: of the file as its owner called it, with the ending of its type.
    """

    content: bytes
    content_type: str
    name: str

    @property
    def ending(self) -> str:
        """Return the ending of its type."""
        return ENDINGS[self.content_type]


def read_document(*, upload: BinaryIO, name: str) -> Document:
    """Return an upload that is a document.

    Raises:
        InvalidInputError: it is empty, too large, damaged, or of another type.
    """
    content = upload.read(MAX_BYTES + 1)
    content_type = _sniffed(content)
    return Document(content, content_type, _clean(name, content_type))


def _sniffed(content: bytes) -> str:
    """Return a file's type, judged by its content."""
    if not content:
        raise _refusal(gettext("This file is empty."))
    if len(content) > MAX_BYTES:
        raise _refusal(gettext("A document may have at most 5 MB."))
    if PDF_BEGINS in content[:PDF_WITHIN]:
        if PDF_ENDS in content[-PDF_WITHIN:]:
            return PDF
        raise _refusal(gettext("This PDF is not complete. Save or scan it again."))
    try:
        return PICTURES[read_format(content, formats=tuple(PICTURES))]
    except DamagedPictureError as error:
        raise _refusal(gettext("This is not a PDF, JPEG or PNG file, or it is damaged.")) from error
    except InvalidInputError as error:
        raise _refusal(error.message) from error


def _clean(name: str, content_type: str) -> str:
    """Return a file's name without its folder, control characters and misleading ending."""
    stem = re.split(r"[\\/]", name)[-1].rpartition(".")[0] or re.split(r"[\\/]", name)[-1]
    stem = "".join(character for character in stem if character.isprintable() and character not in '"<>').strip()
    return f"{stem[:100] or 'document'}.{ENDINGS[content_type]}"


def _refusal(message: str) -> InvalidInputError:
    return InvalidInputError(message, details={"file": [message]})
