"""An applicant's documents: checked before they are stored, and stored without a public address."""

from datetime import datetime
from functools import partial
from typing import BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction

from kit.documents import read_document
from kit.errors import InvalidInputError
from kit.files import PRIVATE, Folder
from kit.ids import access_key
from tenants.applications.errors import DocumentRefusedError, TooManyDocumentsError
from tenants.applications.selectors import get_document
from tenants.applications.services.drafts import lock_open_application
from tenants.models import ApplicationDocument, DocumentKind, ShopApplication

MAX_DOCUMENTS = 10


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
    try:
        document = read_document(upload=upload, name=name)
    except InvalidInputError as error:
        raise DocumentRefusedError(error.message, details=error.details) from error
    folder = document_folder(application_id)
    file = folder.save(f"{folder.path}{access_key()}.{document.ending}", ContentFile(document.content))
    try:
        with transaction.atomic():
            application = _lock_with_room(application_id)
            return ApplicationDocument.objects.create(
                application=application,
                kind=kind,
                file=file,
                name=document.name,
                content_type=document.content_type,
                size=len(document.content),
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
