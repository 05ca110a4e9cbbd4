"""Pages to download or delete a person's data."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import sign_in_required, signed_in_user
from accounts.forms import DeleteAccountForm, PasswordForm
from accounts.services.attempts import limit_attempts
from accounts.services.erasure import delete_own_account, download_own_data, obstacles_now
from accounts.views.tabs import account_tabs
from kit.errors import DomainError

FILE_NAME = "your-data"


@require_GET
@sign_in_required
def data_page(request: HttpRequest) -> HttpResponse:
    """Show which data is kept, and offer it for download."""
    return _data_page(request, PasswordForm())


@never_cache
@require_POST
@sign_in_required
def download(request: HttpRequest) -> HttpResponse:
    """Hand over everything that is kept, for the password."""
    now, form = timezone.now(), PasswordForm(request.POST)
    if form.is_valid():
        try:
            limit_attempts(request=request, action="change_password")
            packed = download_own_data(
                user=signed_in_user(request),
                password=form.cleaned_data["password"],
                platform=settings.PLATFORM_NAME,
                now=now,
            )
        except DomainError as error:
            form.add_error("password", error.message)
        else:
            name = f"{FILE_NAME}-{now:%Y-%m-%d}.zip"
            headers = {"Content-Disposition": f'attachment; filename="{name}"'}
            return HttpResponse(packed, content_type="application/zip", headers=headers)
    return _data_page(request, form, status=400)


@never_cache
@require_http_methods(["GET", "POST"])
@sign_in_required
def delete_account(request: HttpRequest) -> HttpResponse:
    """Explain the deletion of an account, and do it after the password."""
    user = signed_in_user(request)
    form = DeleteAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            limit_attempts(request=request, action="change_password")
            delete_own_account(user=user, password=form.cleaned_data["password"], now=timezone.now())
        except DomainError as error:
            form.add_error("password" if error.code == "wrong_password" else None, error.message)
        else:
            logout(request)
            messages.success(request, gettext("Your account has been deleted. Thank you for having been here."))
            return redirect("/")
    context: dict[str, Any] = {"form": form, "obstacles": obstacles_now(user=user), "tabs": account_tabs("data")}
    return render(request, "accounts/delete_account.html", context, status=400 if form.errors else 200)


def _data_page(request: HttpRequest, form: PasswordForm, *, status: int = 200) -> HttpResponse:
    return render(request, "accounts/data.html", {"form": form, "tabs": account_tabs("data")}, status=status)
