"""Formats of an answer that a caller chooses by `Accept`."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from kit.errors import DomainError
from kit.web.pdf import JSON, PDF

CSV = "text/csv"


class NotAcceptableError(DomainError):
    """The caller accepts none of the formats that there are."""

    code, status = "not_acceptable", 406
    default_message = gettext_lazy("There are application/json, text/csv and application/pdf. Accept one of them.")


def asked_format(request: HttpRequest) -> str:
    """Return the format that a caller asks for: JSON where they don't mind, else CSV or PDF.

    Raises:
        NotAcceptableError: they accept none of the three.
    """
    chosen = request.get_preferred_type([JSON, CSV, PDF])
    if chosen is None:
        raise NotAcceptableError
    return chosen
