"""Evidence of a dispute: texts and files, kept until an operator chooses what is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext

from kit.db.roles import as_platform
from kit.documents import Document, read_document
from kit.errors import Fault, InvalidInputError, NotFoundError
from kit.files import PRIVATE, Folder
from kit.ids import access_key
from payouts.disputes.errors import DisputeAnsweredError, DisputeOverdueError, DisputeOverError
from payouts.disputes.locks import lock_dispute
from payouts.disputes.steps import add_step
from payouts.models import AnswerState, Dispute, DisputeEvidence, DisputeStatus

MOST_PIECES = 50  # of one dispute: more than anybody reads


@dataclass(frozen=True, slots=True)
class Statement:
    """A text, a file or both that speak for a shop.

    Args:
        shop_id: None for the market's own.
        upload: with the name that its owner gave it.
    """

    shop_id: int | None
    author_id: int | None
    text: str = ""
    upload: BinaryIO | None = None
    file_name: str = ""


def evidence_folder(dispute_id: UUID) -> Folder:
    """Return the folder of a dispute's files, in the private storage."""
    return Folder(PRIVATE, f"disputes/{dispute_id}/")


@as_platform()  # a shop's own evidence is written by its staff, in a dispute of the market
def add_evidence(*, dispute_id: UUID, statement: Statement, now: datetime) -> DisputeEvidence:
    """Add evidence to a dispute that still waits for an answer.

    Raises:
        NotFoundError: there is no such dispute, or the shop has no part in it.
        InvalidInputError: it has neither a text nor a file, or the file is none that we take.
        DisputeOverError: it is decided.
        DisputeAnsweredError: it was answered.
        DisputeOverdueError: the time to answer is over.
    """
    document = _document(statement)
    with _stored(dispute_id, document) as file, transaction.atomic():
        dispute = lock_dispute(dispute_id=dispute_id)
        if statement.shop_id is not None and not dispute.parts.filter(shop_id=statement.shop_id).exists():
            raise NotFoundError
        check_answerable(dispute, now)
        if dispute.evidence.count() >= MOST_PIECES:
            raise InvalidInputError(gettext("This dispute already has the maximum amount of evidence."))
        found: DisputeEvidence = DisputeEvidence.objects.create(
            dispute=dispute,
            shop_id=statement.shop_id,
            author_id=statement.author_id,
            text=statement.text,
            file=file,
            file_name=document.name if document else "",
            content_type=document.content_type if document else "",
            created_at=now,
        )
        add_step(dispute, "evidence", now=now, by_id=statement.author_id, text=found.file_name)
        dispute.save(update_fields=["steps"])
    return found


@as_platform()
def find_evidence(*, dispute_id: UUID, evidence_id: UUID, shop_id: int | None = None) -> DisputeEvidence:
    """Return a piece of evidence with a file; a shop finds its own alone.

    Raises:
        NotFoundError: there is none.
    """
    found = DisputeEvidence.objects.filter(dispute_id=dispute_id, pk=evidence_id).exclude(file="")
    if shop_id is not None:
        found = found.filter(shop_id=shop_id)
    piece = found.first()
    if piece is None:
        raise NotFoundError
    return piece


def check_answerable(dispute: Dispute, now: datetime) -> None:
    """Refuse a change after the answer, after the time for it, or after the end; the dispute is locked.

    Raises:
        DisputeOverError: it is decided.
        DisputeAnsweredError: it was answered.
        DisputeOverdueError: the time to answer is over.
    """
    if dispute.is_over:
        raise DisputeOverError
    has_answer = dispute.answers.exclude(state=AnswerState.REFUSED).exists()
    if dispute.status == DisputeStatus.WITH_BANK or has_answer:
        raise DisputeAnsweredError
    if not dispute.is_answerable(now):
        raise DisputeOverdueError


def _document(statement: Statement) -> Document | None:
    if statement.upload is not None:
        return read_document(upload=statement.upload, name=statement.file_name)
    if not statement.text.strip():
        message = gettext("Write a text that supports your side, or choose a file.")
        raise InvalidInputError(message, details={"text": [Fault(message, "one_required")]})
    return None


@contextmanager
def _stored(dispute_id: UUID, document: Document | None) -> Iterator[str]:
    """Keep a file for a block, and for good if the block ends well; yield its path, or none."""
    if document is None:
        yield ""
        return
    folder = evidence_folder(dispute_id)
    file = folder.save(f"{folder.path}{access_key()}.{document.ending}", ContentFile(document.content))
    try:
        yield file
    except BaseException:
        folder.delete(file)
        raise
