"""The profile and the address book."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import selectors
from accounts.access import sign_in_required, signed_in_user
from accounts.errors import TooManyAddressesError
from accounts.forms import AddressForm, ProfileForm
from accounts.models import Address, User
from accounts.redirects import is_own_url
from accounts.services import addresses
from accounts.services.people import update_profile
from accounts.views.tabs import account_tabs
from kit.text.languages import keep_language, language_of, speaking
from kit.web.not_found import or_404
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version


@require_http_methods(["GET", "POST"])
@sign_in_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change the name and phone number."""
    user = signed_in_user(request)
    names = ("name", "phone", "language", "time_zone")
    initial = {name: getattr(user, name) for name in names}
    form = ProfileForm(request.POST or None, initial=initial)
    version, is_stale = shown_version(request, selectors.profile_version(user)), False
    if request.method == "POST" and form.is_valid():
        try:
            update_profile(user=user, **form.cleaned_data, seen=sent_version(request))
        except ChangedMeanwhileError as error:
            saved, is_stale = selectors.get_user(user_id=user.pk), True
            version = selectors.profile_version(saved)
            show_what_is_saved(form, error, saved={name: getattr(saved, name) for name in selectors.PROFILE})
        else:
            return _profile_saved(request, user)
    context = {
        "form": form,
        "version": version,
        "is_email_verified": selectors.is_email_verified(user=user),
        "tabs": account_tabs("profile"),
    }
    return render(request, "accounts/profile.html", context, status=CONFLICT if is_stale else 200)


def _profile_saved(request: HttpRequest, user: User) -> HttpResponse:
    """Confirm the change in the chosen language, and keep it in the browser; a choice of none is forgotten there."""
    with speaking(user.language or language_of(request)):
        messages.success(request, gettext("Your profile has been saved."))
    response = redirect("accounts:profile")
    if user.language:
        keep_language(response, user.language)
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, domain=settings.LANGUAGE_COOKIE_DOMAIN)
    return response


@require_GET
@sign_in_required
def address_list(request: HttpRequest) -> HttpResponse:
    """Show the address book."""
    user = signed_in_user(request)
    context = {"addresses": selectors.addresses_of(user_id=user.pk), "tabs": account_tabs("addresses")}
    return render(request, "accounts/addresses.html", context)


@require_http_methods(["GET", "POST"])
@sign_in_required
def address_add(request: HttpRequest) -> HttpResponse:
    """Add an address, then return to the page that needed it."""
    user = signed_in_user(request)
    form = AddressForm(request.POST or None, initial={"name": user.name, "phone": user.phone})
    if request.method == "POST" and form.is_valid():
        try:
            addresses.add_address(user_id=user.pk, data=form.to_input(), is_default=form.cleaned_data["is_default"])
        except TooManyAddressesError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, gettext("The address has been added."))
            return _back(request)
    return _address_page(request, form, title=gettext("Add an address"))


@require_http_methods(["GET", "POST"])
@sign_in_required
def address_edit(request: HttpRequest, address_id: int) -> HttpResponse:
    """Change an address."""
    user = signed_in_user(request)
    address = _own_address(request, address_id)
    form = AddressForm(request.POST or None, initial=AddressForm.initial_from(address))
    version, is_stale = shown_version(request, selectors.address_version(address)), False
    if request.method == "POST" and form.is_valid():
        try:
            addresses.update_address(
                user_id=user.pk,
                address_id=address_id,
                data=form.to_input(),
                is_default=form.cleaned_data["is_default"],
                seen=sent_version(request),
            )
        except ChangedMeanwhileError as error:
            address, is_stale = _own_address(request, address_id), True
            version = selectors.address_version(address)
            show_what_is_saved(form, error, saved={name: getattr(address, name) for name in selectors.POSTAL})
        else:
            messages.success(request, gettext("The address has been saved."))
            return _back(request)
    status = CONFLICT if is_stale else 200
    return _address_page(request, form, title=gettext("Change the address"), version=version, status=status)


@require_POST
@sign_in_required
def address_delete(request: HttpRequest, address_id: int) -> HttpResponse:
    """Delete an address."""
    _own_address(request, address_id)
    addresses.delete_address(user_id=signed_in_user(request).pk, address_id=address_id)
    messages.success(request, gettext("The address has been deleted."))
    return redirect("accounts:addresses")


@require_POST
@sign_in_required
def address_default(request: HttpRequest, address_id: int) -> HttpResponse:
    """Make an address the default."""
    _own_address(request, address_id)
    addresses.set_default_address(user_id=signed_in_user(request).pk, address_id=address_id)
    messages.success(request, gettext("We will suggest this address first."))
    return redirect("accounts:addresses")


def _own_address(request: HttpRequest, address_id: int) -> Address:
    return or_404(selectors.get_address, user_id=signed_in_user(request).pk, address_id=address_id)


def _address_page(
    request: HttpRequest, form: AddressForm, *, title: str, version: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "version": version,
        "title": title,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "tabs": account_tabs("addresses"),
    }
    return render(request, "accounts/address_form.html", context, status=status)


def _back(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("next", "")
    return redirect(wanted if is_own_url(wanted) else reverse("accounts:addresses"))
