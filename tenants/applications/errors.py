"""Errors of applications."""

from django.utils.translation import gettext_lazy

from kit.errors import ConflictError, InvalidInputError, NotFoundError


class ApplicationNotFoundError(NotFoundError):
    code = "application_not_found"
    default_message = gettext_lazy("There is no such application, or the link to it is not complete.")


class DocumentNotFoundError(NotFoundError):
    code = "document_not_found"
    default_message = gettext_lazy("There is no such document.")


class ApplicationClosedError(ConflictError):
    code = "application_closed"
    default_message = gettext_lazy("This application can't be changed any more: it has been sent, or decided.")


class ApplicationNotWaitingError(ConflictError):
    code = "application_not_waiting"
    default_message = gettext_lazy(
        "This application is not waiting for a decision. Another operator may have just decided."
    )


class ApplicationIncompleteError(InvalidInputError):
    code, status = "application_incomplete", 409
    default_message = gettext_lazy("Some things are missing before this can be sent.")


class SlugRequestedError(ConflictError):
    code = "slug_wished"
    default_message = gettext_lazy("Another applicant has asked for this address already. Choose another one.")


class DocumentRefusedError(InvalidInputError):
    code = "document_refused"
    default_message = gettext_lazy("We take PDF, JPEG and PNG files of at most 5 MB.")


class TooManyDocumentsError(ConflictError):
    code = "too_many_documents"
    default_message = gettext_lazy("An application has at most ten documents. Remove one first.")


class MessageMissingError(InvalidInputError):
    code = "message_missing"
    default_message = gettext_lazy("Say what you need, or why: the applicant reads it.")
