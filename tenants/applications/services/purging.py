"""Forgetting applications that were begun and never sent."""

from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction

from kit.work.rounds import each_by_itself
from tenants.applications.selectors import abandoned_application_ids, documents_of, lock_application
from tenants.applications.services.documents import document_folder

AT_ONCE = 500


def purge_drafts(*, now: datetime) -> int:
    """Delete old drafts that were never sent, with documents and history.

    Each is deleted in its own transaction; those beyond `AT_ONCE` wait for the next run. Returns the number of deleted
    drafts.
    """
    before = now - timedelta(days=settings.APPLICATION_DRAFT_DAYS)
    due = abandoned_application_ids(before=before, limit=AT_ONCE)
    return each_by_itself(due, lambda application_id: _purge(application_id, before), name="Draft of application")


def _purge(application_id: UUID, before: datetime) -> bool:
    with transaction.atomic():
        application = lock_application(application_id=application_id)
        if application_id not in abandoned_application_ids(before=before, limit=1, among=[application_id]):
            return False  # its applicant has come back meanwhile
        for document in documents_of(application_id=application_id):
            document.delete()
            transaction.on_commit(partial(document_folder(document.application_id).delete, document.file))
        application.entries.all().delete()
        application.delete()
    return True
