"""Applications for tests: filled in through the services, the bank asked in the sandbox."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from tenants.applications.services.accounts import save_account
from tenants.applications.services.documents import add_document
from tenants.applications.services.drafts import Business, RequestedShop, save_business, start_application
from tenants.applications.services.submission import submit_application
from tenants.models import ApplicationEntry, DocumentKind, ShopApplication
from tests.world.clock import NOW

BANK, NUMBER = "058", "0123456789"
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
REQUESTED_SHOP: dict[str, Any] = {
    "shop_name": "Oshogbo Batik",
    "slug": "oshogbo-batik",
    "what_is_sold": "Hand-waxed batik by the yard.",
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


def started(*, applicant_id: int | None = None, **changes: Any) -> ShopApplication:
    """An application whose first step is filled in."""
    return start_application(shop=RequestedShop(**REQUESTED_SHOP | changes), applicant_id=applicant_id, now=NOW)


def complete(
    *, applicant_id: int | None = None, business: dict[str, Any] | None = None, **changes: Any
) -> ShopApplication:
    """An application that lacks nothing; needs the sandbox."""
    application = started(applicant_id=applicant_id, **changes)
    save_business(application_id=application.pk, business=Business(**BUSINESS | (business or {})), now=NOW)
    add_paper(application)
    return save_account(application_id=application.pk, bank_code=BANK, number=NUMBER, now=NOW)


def submitted(*, applicant_id: int | None = None, **changes: Any) -> ShopApplication:
    """An application that waits for a decision; needs the sandbox."""
    application = complete(applicant_id=applicant_id, **changes)
    return submit_application(application_id=application.pk, now=NOW)


def add_paper(
    application: ShopApplication,
    content: bytes = PDF,
    *,
    kind: DocumentKind = DocumentKind.IDENTITY,
    name: str = "passport.pdf",
) -> Any:
    """Add a paper to an application."""
    return add_document(application_id=application.pk, kind=kind, name=name, upload=io.BytesIO(content), now=NOW)


def scan(kind: str = "PNG") -> bytes:
    """A picture of a paper."""
    buffer = io.BytesIO()
    Image.new("RGB", (640, 400), (240, 240, 230)).save(buffer, kind)
    return buffer.getvalue()


def history(application: ShopApplication) -> list[str]:
    """Return the entries of the history, in order."""
    entries = ApplicationEntry.objects.filter(application_id=application.pk).order_by("id")
    return list(entries.values_list("kind", flat=True))
