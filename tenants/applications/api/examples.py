"""Examples and refusals in the description."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from gateway.bank_accounts import AccountNotFoundError, BankSilentError, UnknownBankError
from kit.api.private_files import IN_A_BUCKET
from kit.api.refusals import refusal, refusals
from kit.documents import ENDINGS
from tenants.applications.access import KEY_HEADER
from tenants.applications.errors import (
    ApplicationClosedError,
    ApplicationIncompleteError,
    ApplicationNotFoundError,
    DocumentNotFoundError,
    DocumentRefusedError,
    SlugRequestedError,
    TooManyDocumentsError,
)
from tenants.errors import InvalidSlugError, ReservedSlugError, SlugTakenError

# drf-spectacular takes one entry of a status and a media type each.
FILE: dict[Any, Any] = {
    (HTTPStatus.OK.value, kind): OpenApiResponse(OpenApiTypes.BINARY, "The file as it was sent.") for kind in ENDINGS
} | {HTTPStatus.FOUND.value: IN_A_BUCKET}
KEY = OpenApiParameter(KEY_HEADER, str, OpenApiParameter.HEADER, description="A guest's `access_key`.")
APPLICATION_ID = "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11"
DOCUMENT: dict[str, Any] = {
    "id": "0199f2c4-01aa-7b10-9a44-0d6b1f5e2c77",
    "kind": "identity",
    "name": "passport.pdf",
    "content_type": "application/pdf",
    "size": 182_044,
    "created_at": "2025-11-21T08:12:00.000Z",
}
REQUESTED_SHOP: dict[str, Any] = {
    "shop_name": "Oshogbo Batik",
    "slug": "oshogbo-batik",
    "what_is_sold": "Hand-waxed batik by the yard, and what we sew of it.",
    "country": "NG",
    "currency": "NGN",
    "email": "sade@example.com",
}
BUSINESS: dict[str, Any] = {
    "kind": "individual",
    "legal_name": "Folasade Bakare",
    "registration_number": "",
    "contact_name": "Sade Bakare",
    "phone": "+234 803 123 4567",
    "address": "4 Station Road",
    "city": "Oshogbo",
}
APPLICATION: dict[str, Any] = {
    "id": APPLICATION_ID,
    "status": "draft",
    **REQUESTED_SHOP,
    **BUSINESS,
    "bank_code": "058",
    "bank_name": "Guaranty Trust Bank",
    "account_number": "•••• 6789",
    "account_name": "FOLASADE BAKARE",
    "account_name_difference": "",
    "account_status": "resolved",
    "missing": {},
    "documents": [DOCUMENT],
    "history": [{"kind": "started", "message": "", "created_at": "2025-11-21T08:05:00.000Z"}],
    "shop": None,
    "created_at": "2025-11-21T08:05:00.000Z",
    "submitted_at": None,
    "decided_at": None,
}
SENT = {**APPLICATION, "status": "submitted", "submitted_at": "2025-11-21T08:20:00.000Z"}
BANK = {"code": "058", "name": "Guaranty Trust Bank", "currency": "NGN", "kind": "nuban"}

NO_APPLICATION = refusal("There is none, or it belongs to another person.", ApplicationNotFoundError)
NO_DOCUMENT = refusal(
    "There is no such application, or no such document in it.", ApplicationNotFoundError, DocumentNotFoundError
)
CLOSED = refusal("It has been sent, or decided; nothing is changed.", ApplicationClosedError)
BAD_SHOP = refusal(
    "No shop may have this address, or something else is not right.", InvalidSlugError, details={"slug": ["…"]}
)
ADDRESS_GONE = refusal(
    "The address can't be had, or the application can't be changed any more.",
    ReservedSlugError,
    SlugTakenError,
    SlugRequestedError,
    ApplicationClosedError,
    details={"slug": ["…"]},
)
NOT_YET = refusals(
    ReservedSlugError,
    SlugTakenError,
    SlugRequestedError,
    ApplicationClosedError,
    ApplicationIncompleteError,
    details={
        **{error: {"slug": ["…"]} for error in (ReservedSlugError, SlugTakenError, SlugRequestedError)},
        ApplicationIncompleteError: {"documents": ["Add a proof of identity."]},
    },
)[HTTPStatus.CONFLICT]
BAD_ACCOUNT = refusal("It can't be an account; nothing is kept.", AccountNotFoundError, UnknownBankError)
SILENT = refusal("Not even the list of banks can be had; try again later.", BankSilentError)
BAD_DOCUMENT = refusal("It is not what we take; nothing is kept.", DocumentRefusedError)
DOCUMENTS_FULL = refusal(
    "There are ten already, or the application was sent.", TooManyDocumentsError, ApplicationClosedError
)
