"""Filling an application in, a step at a time."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, gettext

from accounts.services.letters_asked_for import check_may_write_to
from kit.errors import Fault, InvalidInputError
from kit.text import rules
from kit.text.cross_field_rules import TOWN
from kit.text.inputs import checked_text, cleaned
from kit.text.phones import stored_phone
from tenants.applications.errors import ApplicationClosedError, SlugRequestedError
from tenants.applications.selectors import is_slug_requested, lock_application
from tenants.applications.services.history import append_entry, tell_applicant
from tenants.errors import ShopNotFoundError, SlugTakenError
from tenants.models import AccountState, ApplicationEntryKind, BusinessKind, ShopApplication
from tenants.shops.selectors import get_shop_by_slug
from tenants.shops.slugs import check_slug

ACCOUNT = ("bank_code", "bank_name", "account_number", "account_name", "account_state", "account_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedShop:
    """The first step: the requested shop, and the applicant's address."""

    shop_name: Annotated[str, rules.name(120)]
    slug: str
    country: Annotated[str, rules.COUNTRY]
    currency: str
    what_is_sold: Annotated[str, rules.paragraphs(600)]
    email: Annotated[str, rules.EMAIL]


@dataclass(frozen=True, slots=True, kw_only=True)
class Business:
    """The second step: the business that applies."""

    kind: str
    legal_name: Annotated[str, rules.name(160)]
    registration_number: Annotated[str, rules.line(40, may_be_empty=True)]
    contact_name: Annotated[str, rules.name(120)]
    phone: Annotated[str, rules.PHONE_NUMBER]
    address: Annotated[str, rules.name(200)]
    city: Annotated[str, rules.name(100)]

    together = (TOWN,)


def start_application(*, shop: RequestedShop, applicant_id: int | None, now: datetime) -> ShopApplication:
    """Begin an application; a guest is sent a link to return to it.

    Raises:
        InvalidSlugError, ReservedSlugError: no shop may have this address.
        SlugTakenError, SlugRequestedError: another shop has it, or another application asks for it.
        InvalidInputError: a text is not one that we can keep, or we don't pay out in this currency.
        TooManyLettersError: a guest gives an address that has been written to often enough.
    """
    shop = _checked_shop(shop, but=None)
    if applicant_id is None:
        check_may_write_to(email=shop.email)
    with transaction.atomic():
        application = ShopApplication.objects.create(
            **asdict(shop), applicant_id=applicant_id, language=get_language() or "", created_at=now, updated_at=now
        )
        append_entry(application=application, actor_id=applicant_id, kind=ApplicationEntryKind.STARTED, now=now)
        if applicant_id is None:
            tell_applicant(application=application, template="application_started", now=now)
    return application


def save_requested_shop(*, application_id: UUID, shop: RequestedShop, now: datetime) -> ShopApplication:
    """Change the first step; another currency asks for another bank account.

    Raises:
        ApplicationClosedError: it has been sent, or decided.
        InvalidSlugError, ReservedSlugError, SlugTakenError, SlugRequestedError, InvalidInputError: as when it began.
    """
    shop = _checked_shop(shop, but=application_id)
    with transaction.atomic():
        application = lock_open_application(application_id=application_id)
        columns = list(ACCOUNT) if shop.currency != application.currency else []
        if columns:
            forget_account(application)
        return _saved(application, shop, now, columns)


def save_business(*, application_id: UUID, business: Business, now: datetime) -> ShopApplication:
    """Change the second step.

    Raises:
        ApplicationClosedError: it has been sent, or decided.
        InvalidInputError: a text is not one that we can keep, the phone number is none, or a company gives no
            registration number.
    """
    business = cleaned(business)
    if business.kind == BusinessKind.COMPANY and not business.registration_number:
        message = gettext("A registered business has a registration number.")
        raise InvalidInputError(details={"registration_number": [Fault(message, "needed_when_registered")]})
    with transaction.atomic():
        application = lock_open_application(application_id=application_id)
        if business.phone != application.phone:
            dialled_in = partial(stored_phone, country=application.country)
            business = replace(business, phone=checked_text("phone", dialled_in, business.phone))
        return _saved(application, business, now)


def save_application(
    *, application_id: UUID, shop: RequestedShop | None, business: Business | None, now: datetime
) -> ShopApplication:
    """Change both steps or one of them, together or not at all; refusals as for each.

    Raises:
        ApplicationClosedError: it has been sent, or decided.
    """
    with transaction.atomic():
        application = lock_open_application(application_id=application_id)
        if shop is not None:
            application = save_requested_shop(application_id=application_id, shop=shop, now=now)
        if business is not None:
            application = save_business(application_id=application_id, business=business, now=now)
        return application


def lock_open_application(*, application_id: UUID) -> ShopApplication:
    """Lock an application that its applicant may change.

    Raises:
        ApplicationClosedError: it has been sent, or decided.
    """
    application = lock_application(application_id=application_id)
    if not application.is_open:
        raise ApplicationClosedError
    return application


def forget_account(application: ShopApplication) -> None:
    """Empty the bank account, unsaved."""
    application.bank_code = application.bank_name = application.account_number = application.account_name = ""
    application.account_state, application.account_at = AccountState.MISSING, None


def check_requested_slug(*, slug: str, but: UUID | None) -> None:
    """Refuse an address that this application can't have.

    Raises:
        InvalidSlugError, ReservedSlugError: no shop may have it.
        SlugTakenError, SlugRequestedError: another shop has it, or another application asks for it.
    """
    check_slug(slug)
    try:
        get_shop_by_slug(slug)
    except ShopNotFoundError:
        pass
    else:
        raise SlugTakenError(details={"slug": [SlugTakenError.default_message]})
    if is_slug_requested(slug=slug, but=but):
        raise SlugRequestedError(details={"slug": [SlugRequestedError.default_message]})


def _checked_shop(shop: RequestedShop, *, but: UUID | None) -> RequestedShop:
    shop = cleaned(shop)
    check_requested_slug(slug=shop.slug, but=but)
    if shop.currency not in settings.SHOP_CURRENCIES:
        raise InvalidInputError(details={"currency": [gettext("We can't pay out in this currency yet.")]})
    return shop


def _saved(
    application: ShopApplication, step: RequestedShop | Business, now: datetime, columns: Sequence[str] = ()
) -> ShopApplication:
    """Write a step, and further columns; those of the other step are not judged again."""
    values = asdict(step)
    for name, value in values.items():
        setattr(application, name, value)
    application.updated_at = now
    application.save(update_fields=[*values, *columns, "updated_at"])
    return application
