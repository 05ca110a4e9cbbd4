"""Page of the link that confirms an e-mail address."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.errors import InvalidLinkError
from accounts.forms import ChosenPasswordForm
from accounts.models import User
from accounts.redirects import current_url, sign_in_url
from accounts.services import proof
from accounts.services.credentials import sign_in
from accounts.services.proof import addressee_of
from kit.errors import InvalidInputError


@sensitive_post_parameters("password1")
@never_cache
@require_http_methods(["GET", "POST"])
def confirm_email(request: HttpRequest, key: str) -> HttpResponse:
    """Ask the signed-in user to confirm, and other visitors for a new password; a GET confirms nothing."""
    try:
        user = addressee_of(key=key)
        return _confirm_own(request, key, user) if request.user.pk == user.pk else _take_over(request, key, user)
    except InvalidLinkError:
        return render(request, "accounts/confirm_email.html", {"addressee": None})


def _confirm_own(request: HttpRequest, key: str, user: User) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/confirm_email.html", {"addressee": user})
    proof.confirm_email(key=key, signed_in_id=user.pk, new_password=None)
    return _thank(request)


def _take_over(request: HttpRequest, key: str, user: User) -> HttpResponse:
    form = ChosenPasswordForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            proof.confirm_email(key=key, signed_in_id=None, new_password=form.cleaned_data["password1"])
        except InvalidInputError as error:
            form.add_error("password1", error.details["new_password"])
        else:
            user.refresh_from_db()
            sign_in(request=request, user=user)
            return _thank(request)
    context = {"addressee": user, "form": form, "sign_in_url": sign_in_url(current_url(request))}
    return render(request, "accounts/confirm_email.html", context, status=422 if form.errors else 200)


def _thank(request: HttpRequest) -> HttpResponse:
    messages.success(request, gettext("Thank you: your e-mail address is confirmed."))
    return redirect("accounts:profile")
