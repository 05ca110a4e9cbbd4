"""Opening an account: the form, the page that announces the letter, and the page of the letter's link."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import InvalidLinkError, TooManyAttemptsError
from accounts.forms import FinishSignUpForm, SignUpForm
from accounts.hand_off import redirect_by_page
from accounts.models import User
from accounts.redirects import is_own_url, leads_to_own_domain
from accounts.services.credentials import sign_in
from accounts.services.registration import (
    begin_registration,
    email_to_register,
    finish_registration,
    read_registration,
)
from kit.errors import InvalidInputError
from kit.web.too_many import too_many_page

WELCOME_TAG = "welcome"  # of the message that says what happens next; it has links
FILLED_IN, NEXT_PAGE = "sign_up", "sign_up_next"  # in the session of the browser that filled in the form


@sensitive_post_parameters("password1")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Take a name, an address and a password, and write to the address; the answer is the same for every address."""
    onward = _onward(request.POST.get("next") or request.GET.get("next", ""))
    if request.user.is_authenticated:
        return HttpResponseRedirect(onward)
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            filled_in = begin_registration(
                request=request,
                email=form.cleaned_data["email"],
                password=form.cleaned_data["password1"],
                name=form.cleaned_data["name"],
            )
        except TooManyAttemptsError as error:
            return too_many_page(request, retry_after=error.retry_after, message=error.message)
        request.session[FILLED_IN], request.session[NEXT_PAGE] = filled_in, onward
        return redirect("accounts:sign-up-sent")
    return render(request, "accounts/sign_up.html", {"form": form, "onward": onward})


@never_cache
@require_safe
def sign_up_sent(request: HttpRequest) -> HttpResponse:
    """Show that a letter was sent."""
    filled_in = read_registration(request.session.get(FILLED_IN, ""))
    return render(request, "accounts/verification_sent.html", {"email": filled_in.email if filled_in else ""})


@sensitive_post_parameters("password1")
@never_cache
@require_http_methods(["GET", "POST"])
def finish_sign_up(request: HttpRequest, key: str) -> HttpResponse:
    """Open the account: with one button where the form was filled in, elsewhere with a password of the reader's.

    A mail scanner's GET opens nothing.
    """
    try:
        email = email_to_register(key=key)
        if _is_filled_in_here(request, email):
            return _open_own(request, key, email)
        return _open_with_password(request, key, email)
    except InvalidLinkError:
        return _page(request, email="")


def _is_filled_in_here(request: HttpRequest, email: str) -> bool:
    filled_in = read_registration(request.session.get(FILLED_IN, ""))
    return filled_in is not None and filled_in.email == email


def _open_own(request: HttpRequest, key: str, email: str) -> HttpResponse:
    if request.method != "POST":
        return _page(request, email=email)
    registration = request.session[FILLED_IN]
    return _welcome(request, finish_registration(key=key, registration=registration, new_password=None, name=""))


def _open_with_password(request: HttpRequest, key: str, email: str) -> HttpResponse:
    form = FinishSignUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        try:
            user = finish_registration(key=key, registration="", new_password=sent["password1"], name=sent["name"])
        except InvalidInputError as error:
            form.add_error("password1", error.details["new_password"])
        else:
            return _welcome(request, user)
    return _page(request, email=email, form=form)


def _page(request: HttpRequest, *, email: str, form: FinishSignUpForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {"email": email, "form": form}
    return render(request, "accounts/sign_up_finish.html", context, status=422 if form and form.errors else 200)


def _welcome(request: HttpRequest, user: User) -> HttpResponse:
    onward = _onward(request.session.pop(NEXT_PAGE, ""))
    request.session.pop(FILLED_IN, None)
    sign_in(request=request, user=user)
    messages.success(
        request,
        gettext(
            "Welcome to Kasuwa: your account is open, and you are signed in. Next, save an address: it makes "
            "checking out a minute faster. Orders that you placed with this e-mail address are under “Your orders”."
        ),
        extra_tags=WELCOME_TAG,
    )
    return redirect_by_page(request, onward) if leads_to_own_domain(onward) else HttpResponseRedirect(onward)


def _onward(url: str) -> str:
    return url if url and is_own_url(url) else "/"
