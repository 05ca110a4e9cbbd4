"""Register a shop for tax, change its registration, or end it."""

from collections import Counter
from dataclasses import asdict, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from checkout.fulfilment.services.tax_registration import Registration, read_registration, write_registration
from checkout.models import ShopTerms
from checkout.pricing.tax.numbers import INVALID_NUMBER, cleaned_number
from checkout.pricing.tax.registry import tax_rates
from checkout.pricing.terms import store_terms
from checkout.pricing.terms.tax import TaxTerms, as_json
from kit.errors import Fault, InvalidInputError
from kit.text.characters import TextError
from kit.web.versions import Seen, check_version, version_of
from tenants.archives.parts import RestoredSchema
from tenants.models import Shop, ShopEventKind
from tenants.shops.audit_trail import record_event
from tenants.shops.selectors import lock_shop


def registration_version(registration: Registration | None) -> str:
    """Return the version of a registration, or of there being none."""
    return version_of(asdict(registration) if registration else {})


def set_registration(
    *, shop: Shop, registration: Registration | None, actor_id: int | None, now: datetime, seen: Seen = None
) -> Registration | None:
    """Have a shop charge tax under a registration from now on, or charge none; placed orders keep theirs.

    Args:
        registration: None: the shop is not registered.
        seen: the `registration_version` that the change was made from; None: any version.

    Raises:
        ChangedMeanwhileError: it was made from another version; nothing is changed.
        InvalidInputError: the country has no table of rates, or its numbers another form; nothing is changed.
    """
    with transaction.atomic():
        locked = lock_shop(shop_id=shop.pk)
        current = read_registration(schema_name=locked.schema_name)
        check_version(seen=seen, current=registration_version(current))
        new = checked_registration(registration) if registration else None
        if new == current:
            return new
        write_registration(schema_name=locked.schema_name, registration=new)
        _store(locked, new, now=now)
        record_event(
            shop_id=shop.pk,
            actor_id=actor_id,
            kind=ShopEventKind.PROFILE_CHANGED,
            subject=gettext_noop("tax registration"),
            details={"fields": ["tax"]},
            now=now,
        )
    return new


def checked_registration(registration: Registration) -> Registration:
    """Return a registration with its number in the form that is stored.

    Raises:
        InvalidInputError: it can't be stored; `details` say why, by field.
    """
    if tax_rates().table(registration.country) is None:
        message = gettext("The market has no tax rates for this country yet. Ask its operators.")
        raise InvalidInputError(details={"country": [Fault(message, "no_tax_rates")]})
    try:
        number = cleaned_number(registration.number, country=registration.country)
    except TextError as error:
        raise InvalidInputError(details={"number": [Fault(str(error), error.code)]}) from error
    if not number:
        message = gettext("Enter your registration number.")
        raise InvalidInputError(details={"number": [Fault(message, INVALID_NUMBER)]})
    return replace(registration, number=number)


def count_registered() -> dict[str, int]:
    """Return the number of registered shops by country."""
    countries = ShopTerms.objects.exclude(tax={}).values_list("tax__country", flat=True)
    return dict(Counter(countries.order_by("pk")))


def compile_registration(registration: Registration | None) -> TaxTerms | None:
    """Return the terms of sale that a registration makes."""
    return TaxTerms(**asdict(registration)) if registration else None


def follow_restored(restored: RestoredSchema) -> list[str]:
    """Compile the registration that an archive has put in place of another; nothing has to be reported."""
    shop = restored.shop
    _store(shop, read_registration(schema_name=shop.schema_name), now=restored.now)
    return []


def _store(shop: Shop, registration: Registration | None, *, now: datetime) -> None:
    store_terms(shop_id=shop.pk, now=now, tax=as_json(compile_registration(registration)))
