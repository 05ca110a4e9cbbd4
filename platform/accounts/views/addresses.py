"""The address book."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import selectors
from accounts.access import sign_in_required, signed_in_user
from accounts.address_forms import SHOWS_STATES, AddressForm
from accounts.errors import TooManyAddressesError
from accounts.models import Address
from accounts.redirects import is_own_url
from accounts.services import addresses
from accounts.views.tabs import account_tabs
from kit.errors import InvalidInputError
from kit.web.not_found import or_404
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version


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
    title = gettext("Add an address")
    if SHOWS_STATES in request.POST:
        return _address_page(request, AddressForm(initial=request.POST.dict()), title=title)
    form = AddressForm(request.POST or None, initial={"name": user.name, "phone": user.phone})
    if request.method == "POST" and form.is_valid():
        try:
            addresses.add_address(user_id=user.pk, data=form.to_input(), **form.choices())
        except TooManyAddressesError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, gettext("The address has been added."))
            return _back(request)
    return _address_page(request, form, title=title)


@require_http_methods(["GET", "POST"])
@sign_in_required
def address_edit(request: HttpRequest, address_id: int) -> HttpResponse:
    """Change an address."""
    user = signed_in_user(request)
    address = _own_address(request, address_id)
    title = gettext("Change the address")
    version, is_stale = shown_version(request, selectors.address_version(address)), False
    if SHOWS_STATES in request.POST:
        return _address_page(request, AddressForm(initial=request.POST.dict()), title=title, version=version)
    form = AddressForm(request.POST or None, saved=address)
    if request.method == "POST" and form.is_valid():
        try:
            addresses.update_address(
                user_id=user.pk,
                address_id=address_id,
                data=form.to_input(),
                seen=sent_version(request),
                **form.choices(),
            )
        except ChangedMeanwhileError as error:
            address, is_stale = _own_address(request, address_id), True
            version = selectors.address_version(address)
            shown = AddressForm.initial_from(address)
            show_what_is_saved(form, error, saved={name: shown[name] for name in selectors.POSTAL})
        except InvalidInputError as error:  # it was changed meanwhile, and a text that was kept is another one by now
            form.add_error(None, error.message)
        else:
            messages.success(request, gettext("The address has been saved."))
            return _back(request)
    status = CONFLICT if is_stale else 200
    return _address_page(request, form, title=title, version=version, status=status)


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
    """Make an address the one that orders are delivered to, or billed to."""
    _own_address(request, address_id)
    for_bills = request.POST.get("for") == "bills"
    addresses.set_default_address(user_id=signed_in_user(request).pk, address_id=address_id, for_bills=for_bills)
    said = (
        gettext("Orders are billed to this address.") if for_bills else gettext("We will suggest this address first.")
    )
    messages.success(request, said)
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
