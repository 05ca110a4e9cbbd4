"""A demo application that waits, and the profiles of the open demo shops."""

import io
from collections.abc import Mapping
from datetime import datetime, timedelta

from PIL import Image, ImageDraw

from accounts.models import User
from demo.goods import SHOPS
from demo.model import CURRENCY
from gateway.bank_accounts import BankSilentError, ResolvedAccount
from payouts.services.bank_accounts import record_bank_account
from tenants.applications.services.accounts import save_account
from tenants.applications.services.documents import add_document
from tenants.applications.services.drafts import Business, RequestedShop, save_business, start_application
from tenants.applications.services.submission import submit_application
from tenants.models import AccountState, DocumentKind, Shop, ShopStatus
from tenants.shops.checklist_steps import set_delivery_rate
from tenants.shops.profile import update_profile

APPLIED_HOURS_AGO = 19
DELIVERY_POLICY = (
    "We pack within a working day. Lagos: one to two days; elsewhere in Nigeria: three to five. "
    "You get the tracking number as soon as the parcel has left."
)
BANKS = (("058", "Guaranty Trust Bank"), ("057", "Zenith Bank"), ("044", "Access Bank"), ("50211", "Kuda Bank"))
REQUESTED_SHOP = RequestedShop(
    shop_name="Oshogbo Batik",
    slug="oshogbo-batik",
    what_is_sold="Hand-waxed batik by the yard from our own workshop in Oshogbo, and the shirts that we sew of it.",
    country="NG",
    currency=CURRENCY,
    email="sade@oshogbo-batik.test",
)
BUSINESS = Business(
    kind="company",
    legal_name="Oshogbo Batik Works Ltd",
    registration_number="RC 1487220",
    contact_name="Folasade Bakare",
    phone="+234 803 555 0142",
    address="4 Station Road",
    city="Oshogbo",
)


def load_onboarding(people: Mapping[str, User], shops: Mapping[str, Shop], *, now: datetime) -> None:
    """Fill the operators' queue, give the open shops bank accounts, and leave the draft half set up."""
    _apply(now - timedelta(hours=APPLIED_HOURS_AGO))
    for place, demo in enumerate(SHOPS):
        shop, owner = shops[demo.slug], people[demo.owner]
        if shop.status == ShopStatus.DRAFT:
            set_delivery_rate(shop_id=shop.pk, shipping_minor=demo.delivery * 100, actor_id=owner.pk, now=now)
            update_profile(shop_id=shop.pk, actor_id=owner.pk, now=now, contact_email=demo.owner)
            continue
        update_profile(
            shop_id=shop.pk,
            actor_id=owner.pk,
            now=shop.created_at,
            delivery_policy=DELIVERY_POLICY,
            contact_email=demo.owner,
        )
        code, bank = BANKS[place % len(BANKS)]
        account = ResolvedAccount(code, bank, f"01234567{place:02d}", demo.name.upper())
        record_bank_account(
            shop=shop, resolved=account, verified_at=shop.created_at, actor_id=owner.pk, now=shop.created_at
        )


def _apply(now: datetime) -> None:
    application = start_application(shop=REQUESTED_SHOP, applicant_id=None, now=now)
    save_business(application_id=application.pk, business=BUSINESS, now=now)
    for kind, name, content in (
        (DocumentKind.IDENTITY, "passport-bakare.png", _scan("PASSPORT", "BAKARE, FOLASADE", "A0123 4567")),
        (DocumentKind.REGISTRATION, "certificate-of-incorporation.pdf", _certificate()),
    ):
        add_document(application_id=application.pk, kind=kind, name=name, upload=io.BytesIO(content), now=now)
    try:
        saved = save_account(application_id=application.pk, bank_code="057", number="2034567891", now=now)
    except BankSilentError:  # no sandbox, so no list of banks: the application stays a draft
        return
    if saved.account_state != AccountState.MISSING:
        submit_application(application_id=application.pk, now=now)


def _scan(*lines: str) -> bytes:
    """Draw a sheet that is plainly a specimen."""
    page = Image.new("RGB", (860, 560), (244, 240, 228))
    draw = ImageDraw.Draw(page)
    draw.rectangle((24, 24, 836, 536), outline=(40, 80, 70), width=4)
    draw.rectangle((64, 150, 304, 450), fill=(206, 214, 204))
    for place, line in enumerate((*lines, "SPECIMEN: DEMONSTRATION ONLY")):
        draw.text((350, 160 + 60 * place), line, fill=(30, 40, 40), font_size=26)
    buffer = io.BytesIO()
    page.save(buffer, "PNG")
    return buffer.getvalue()


def _certificate() -> bytes:
    buffer = io.BytesIO()
    page = Image.open(io.BytesIO(_scan("CERTIFICATE OF INCORPORATION", "OSHOGBO BATIK WORKS LTD", "RC 1487220")))
    page.save(buffer, "PDF")
    return buffer.getvalue()
