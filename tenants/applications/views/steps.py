"""The steps that are typed in: the shop, the business, the bank account."""

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext

from gateway.bank_accounts import BankSilentError, list_banks
from kit.api.throttling import throttled_page
from kit.errors import DomainError
from kit.web.kept_fields import forget_fields, keep_fields, kept_fields, leaves_to_sign_in
from tenants.applications.access import remember_application
from tenants.applications.forms import BankAccountForm, BusinessForm, RequestedShopForm, add_refusal
from tenants.applications.services.accounts import save_account
from tenants.applications.services.drafts import save_business, save_requested_shop, start_application
from tenants.applications.views.common import REFUSED, open_application, posted, step_page
from tenants.models import AccountState, ShopApplication
from tenants.shops.addresses import shop_host

KEPT_AS = "sell"


@throttled_page("apply")
def start(request: HttpRequest) -> HttpResponse:
    """Begin an application."""
    user = request.user if request.user.is_authenticated else None
    if leaves_to_sign_in(request):
        keep_fields(request, form=KEPT_AS, now=timezone.now())
        return redirect_to_login(request.path)
    typed = kept_fields(request, form=KEPT_AS, now=timezone.now())
    form = RequestedShopForm(posted(request), initial=typed | ({"email": user.email} if user else {}))
    if request.method == "POST" and form.is_valid():
        try:
            application = start_application(
                shop=form.to_input(), applicant_id=user.pk if user else None, now=timezone.now()
            )
        except DomainError as error:
            add_refusal(form, error)
        else:
            forget_fields(request)
            if user is None:
                remember_application(request, application)
                messages.info(
                    request,
                    (
                        gettext("We have sent a link to %(email)s: it brings you back to this form.")
                        % {"email": application.email}
                    ),
                )
            return redirect("sell:business", application_id=application.pk)
    return _shop_page(request, None, form)


@open_application
@throttled_page("apply")
def shop_step(request: HttpRequest, application: ShopApplication) -> HttpResponse:
    """Change the first step."""
    form = RequestedShopForm(posted(request), initial=RequestedShopForm.initial_from(application))
    if request.method == "POST" and form.is_valid():
        try:
            save_requested_shop(application_id=application.pk, shop=form.to_input(), now=timezone.now())
            return redirect("sell:business", application_id=application.pk)
        except DomainError as error:
            add_refusal(form, error)
    return _shop_page(request, application, form)


@open_application
@throttled_page("apply")
def business_step(request: HttpRequest, application: ShopApplication) -> HttpResponse:
    """Enter the business that applies."""
    form = BusinessForm(posted(request), initial=BusinessForm.initial_from(application))
    if request.method == "POST" and form.is_valid():
        try:
            save_business(application_id=application.pk, business=form.to_input(), now=timezone.now())
            return redirect("sell:documents", application_id=application.pk)
        except DomainError as error:
            add_refusal(form, error)
    return step_page(request, application, "business", {"form": form}, status=REFUSED if form.errors else 200)


@open_application
@throttled_page("apply")
def account_step(request: HttpRequest, application: ShopApplication) -> HttpResponse:
    """Enter the bank account, and show the holder that the bank names."""
    try:
        banks = list_banks(currency=application.currency)
    except BankSilentError as error:
        return step_page(request, application, "account", {"form": None, "silence": error.message})
    initial = {"bank_code": application.bank_code, "number": application.account_number}
    form = BankAccountForm(posted(request), banks=banks, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_account(application_id=application.pk, **form.cleaned_data, now=timezone.now())
        except DomainError as error:
            add_refusal(form, error)
        else:
            if saved.account_state == AccountState.RESOLVED:
                messages.success(
                    request,
                    (
                        gettext("%(bank_name)s says that the account belongs to %(account_name)s.")
                        % {"bank_name": saved.bank_name, "account_name": saved.account_name}
                    ),
                )
            else:
                messages.warning(
                    request, gettext("The bank has not answered. We keep the account and ask again by ourselves.")
                )
            return redirect("sell:review", application_id=application.pk)
    return step_page(request, application, "account", {"form": form}, status=REFUSED if form.errors else 200)


def _shop_page(request: HttpRequest, application: ShopApplication | None, form: RequestedShopForm) -> HttpResponse:
    context = {"form": form, "example_host": shop_host("your-shop")}
    return step_page(request, application, "shop", context, status=REFUSED if form.errors else 200)
