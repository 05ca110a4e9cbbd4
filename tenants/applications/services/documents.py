"""An applicant's documents: checked before they are stored, and stored without a public address."""

import re
from datetime import datetime
from functools import partial
from typing import BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext

from kit.errors import InvalidInputError
from kit.files import PRIVATE, Folder
from kit.ids import access_key
from kit.pictures.decoding import DamagedPictureError, read_format
from tenants.applications.errors import DocumentRefusedError, TooManyDocumentsError
from tenants.applications.selectors import get_document
from tenants.applications.services.drafts import lock_open_application
from tenants.models import ApplicationDocument, DocumentKind, ShopApplication

MAX_BYTES = 5 * 1024 * 1024
MAX_DOCUMENTS = 10
PDF = "application/pdf"
PICTURES = {"JPEG": "image/jpeg", "PNG": "image/png"}
ENDINGS = {PDF: "pdf", "image/jpeg": "jpg", "image/png": "png"}
# ISO 32000-1, 7.5.2 and 7.5.5; readers look for both within the first and last kilobyte.
PDF_BEGINS, PDF_ENDS, PDF_WITHIN = b"%PDF-", b"%%EOF", 1024


def document_folder(application_id: UUID) -> Folder:
    """Return the folder of an application's documents, which only the applicant and operators may see."""
    return Folder(PRIVATE, f"applications/{application_id}/")


def add_document(
    *, application_id: UUID, kind: DocumentKind, name: str, upload: BinaryIO, now: datetime
) -> ApplicationDocument:
    """Check an upload and store it unchanged, under a name that can't be guessed.

    Raises:
        DocumentRefusedError: it is too large, or its content is of a type that we do not take.
        ApplicationClosedError: the application has been sent, or decided.
        TooManyDocumentsError: there are ten already.
    """
    content = upload.read(MAX_BYTES + 1)
    content_type = _sniffed(content)
    folder = document_folder(application_id)
    file = folder.save(f"{folder.path}{access_key()}.{ENDINGS[content_type]}", ContentFile(content))
    try:
        with transaction.atomic():
            application = _lock_with_room(application_id)
            return ApplicationDocument.objects.create(
                application=application,
                kind=kind,
                file=file,
                name=_clean(name, content_type),
                content_type=content_type,
                size=len(content),
                created_at=now,
            )
    except Exception:
        folder.delete(file)
        raise


def remove_document(*, application_id: UUID, document_id: UUID) -> None:
    """Remove a document; its file is deleted after the commit.

    Raises:
        DocumentNotFoundError: the application has none with this id.
        ApplicationClosedError: the application has been sent, or decided.
    """
    with transaction.atomic():
        lock_open_application(application_id=application_id)
        document = get_document(application_id=application_id, document_id=document_id)
        document.delete()
        transaction.on_commit(partial(document_folder(application_id).delete, document.file))


def _lock_with_room(application_id: UUID) -> ShopApplication:
    application = lock_open_application(application_id=application_id)
    if application.documents.count() >= MAX_DOCUMENTS:
        raise TooManyDocumentsError
    return application


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


def _refusal(message: str) -> DocumentRefusedError:
    return DocumentRefusedError(message, details={"file": [message]})
