"""Signing in and out, and asking for the letter that confirms an e-mail address: allauth's flows in our pages."""

from http import HTTPStatus
from typing import Any

from allauth.account import views as allauth_views
from allauth.account.internal.flows.email_verification import send_verification_email_for_user
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.access import sign_in_required, signed_in_user
from accounts.errors import TooManyAttemptsError
from accounts.forms import ReauthenticateForm, SignInForm
from accounts.hand_off import leave_to_sign_in
from accounts.redirects import shop_page_url, sign_in_url
from accounts.services.attempts import seconds_left
from kit.web.hosts import is_platform_host, requested_host
from kit.web.too_many import too_many_page


class _Counting:
    """Answers a password too many with the time to wait."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        except TooManyAttemptsError as error:
            response = too_many_page(request, retry_after=error.retry_after, message=error.message)
        return response


class SignInView(_Counting, allauth_views.LoginView):
    """E-mail address and password; then back to where the visitor came from."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"


class SignOutView(allauth_views.LogoutView):
    """Asks on GET, signs out on POST."""

    template_name = "accounts/sign_out.html"


class InactiveView(allauth_views.AccountInactiveView):
    """Show a user who knows the password that the account is closed."""

    template_name = "accounts/inactive.html"


class ReauthenticateView(_Counting, allauth_views.ReauthenticateView):
    """The password once more, before something delicate."""

    form_class = ReauthenticateForm
    template_name = "accounts/reauthenticate.html"


@require_POST
@sign_in_required
def resend_verification(request: HttpRequest) -> HttpResponse:
    """Send the letter again; at most one in three minutes."""
    if send_verification_email_for_user(request, signed_in_user(request)):
        messages.success(request, gettext("We have sent you a link. Open it to confirm your address."))
    else:
        messages.info(request, gettext("We have sent you a link a moment ago. Look in your spam folder too."))
    return redirect("accounts:profile")


@require_GET
def sign_in_from_shop(request: HttpRequest) -> HttpResponse:
    """On a shop's host: redirect to the platform's sign-in page, and back to this shop."""
    if not is_platform_host(requested_host(request)[0]):
        return leave_to_sign_in(request, path=request.GET.get("next", ""))
    back = shop_page_url(request, request.GET.get("next", ""))
    return HttpResponseRedirect(sign_in_url(back), status=HTTPStatus.FOUND)


# allauth's limits, by the page that they hold.
LIMITED = {
    "sign-in": "login",
    "account_login": "login",
    "reset-password": "reset_password",
    "account_reset_password": "reset_password",
    "change-password": "change_password",
    "account_change_password": "change_password",
}


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer a page's request beyond allauth's limits, with the time to wait."""
    match = request.resolver_match
    action = LIMITED.get(match.url_name or "", "") if match else ""
    left = seconds_left(request=request, action=action, key=request.POST.get("email", "").strip().lower())
    return too_many_page(request, retry_after=left)
