"""The profile."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts import selectors
from accounts.access import sign_in_required, signed_in_user
from accounts.forms import ProfileForm
from accounts.models import User
from accounts.services.people import update_profile
from accounts.views.tabs import account_tabs
from kit.text.countries import DEFAULT_COUNTRY
from kit.text.languages import keep_language, language_of, speaking
from kit.text.phones import shown_phone
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version


@require_http_methods(["GET", "POST"])
@sign_in_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change the name and phone number."""
    user = signed_in_user(request)
    names = ("name", "phone", "language", "time_zone")
    initial = {name: getattr(user, name) for name in names}
    form = ProfileForm(request.POST or None, initial=initial | {"phone": shown_phone(user.phone, DEFAULT_COUNTRY)})
    form.kept = initial
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
