"""The shop's registration for tax, with an example of what buyers pay."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access import signed_in_user
from checkout.fulfilment.services.tax_registration import Registration, read_registration
from checkout.pricing.tax.registry import tax_rates
from checkout.taxing.preview import preview_tax
from checkout.taxing.registering import registration_version, set_registration
from kit.errors import InvalidInputError
from kit.templatetags.money import major
from kit.web.versions import ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version
from tenants.capabilities import MANAGE_PROFILE
from vendors.access import StaffRequest, staff_only
from vendors.forms.settings import add_refusal
from vendors.forms.tax import EXAMPLE_MINOR, ExampleForm, TaxForm
from vendors.views.settings import LOOK_OR_CHANGE, saved, settings_page


@staff_only(MANAGE_PROFILE)
@LOOK_OR_CHANGE
def tax(request: StaffRequest) -> HttpResponse:
    """Register the shop for tax, change that, or end it."""
    shop, is_sent = request.shop, request.method == "POST"
    current = read_registration(schema_name=shop.schema_name)
    initial = TaxForm.initial_from(current, country=shop.country)
    form = TaxForm(request.POST if is_sent else None, initial=initial)
    version = shown_version(request, registration_version(current))
    if is_sent and form.is_valid():
        try:
            set_registration(
                shop=shop,
                registration=form.registration(),
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_version(request),
            )
            return saved(request, gettext("Your tax settings are saved."), "vendors:settings-tax")
        except ChangedMeanwhileError as error:
            current = read_registration(schema_name=shop.schema_name)
            show_what_is_saved(form, error, saved=TaxForm.initial_from(current, country=shop.country))
            version = registration_version(current)
        except InvalidInputError as error:
            add_refusal(form, error)
    context = {"form": form, "version": version, "tables": tax_rates().tables(), **_example(request, current)}
    return settings_page(request, "vendors/settings_tax.html", context)


def _example(request: StaffRequest, registration: Registration | None) -> dict[str, Any]:
    shop, asked = request.shop, request.GET if "price" in request.GET else None
    home = registration.country if registration else shop.country
    usual: dict[str, Any] = {"price": major(EXAMPLE_MINOR), "to": home}
    example = ExampleForm(asked, currency=shop.currency, initial=usual)
    if asked is not None and not example.is_valid():
        return {"example": example}
    entered: dict[str, Any] = example.cleaned_data if asked is not None else {"price": EXAMPLE_MINOR, "to": home}
    rows = preview_tax(
        registration=registration,
        country=entered["to"],
        price_minor=entered["price"],
        delivery_minor=shop.shipping_minor,
        currency=shop.currency,
        now=timezone.now(),
    )
    return {"example": example, "rows": rows}
