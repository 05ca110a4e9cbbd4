"""Choices of notices: a person's own page, and the page that a letter's link leads to."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import sign_in_required, signed_in_user
from accounts.views.tabs import account_tabs
from notifications.errors import NotificationNotFoundError
from notifications.forms import MARKET, NONE, OWN, QuietHoursForm
from notifications.models import Channel
from notifications.quiet_hours import Hours, quiet_hours
from notifications.services import offered_text_channels
from notifications.services.preferences import Choice, choices_of, choose, choose_quiet_hours, shown_choices
from notifications.services.unsubscribing import decline_letters, declined_kind

REFUSED = 422


@require_http_methods(["GET", "POST"])
@sign_in_required
def preferences(request: HttpRequest) -> HttpResponse:
    """Show which notices come by which channel, and keep what was changed."""
    user, phones = signed_in_user(request), offered_text_channels()
    kinds = shown_choices(user_id=user.pk)
    for row in kinds:
        row["is_always_written"] = any(
            each["channel"] == Channel.EMAIL and not each["can_change"] for each in row["channels"]
        )
        for each in row["channels"]:
            each["is_offered"] = each["channel"] in {Channel.IN_APP, Channel.EMAIL, *phones}
    if request.method == "POST":
        ticked = set(request.POST.getlist("choice"))
        changed = [
            Choice(row["kind"], each["channel"], not each["is_wanted"])
            for row in kinds
            for each in row["channels"]
            if each["is_offered"]
            and each["can_change"]
            and (f"{row['kind']}:{each['channel']}" in ticked) != each["is_wanted"]
        ]
        quiet = QuietHoursForm(request.POST) if "quiet" in request.POST else None
        if quiet is not None and not quiet.is_valid():
            return _page(request, kinds, quiet, status=REFUSED)
        choose(user_id=user.pk, choices=changed, now=timezone.now())
        if quiet is not None:
            choose_quiet_hours(user_id=user.pk, hours=quiet.hours, now=timezone.now())
        messages.success(request, gettext("Your choices are saved."))
        return redirect("notifications:preferences")
    return _page(request, kinds, _quiet_form(choices_of(user_id=user.pk).quiet))


def _quiet_form(own: Hours | None) -> QuietHoursForm:
    """Return the form with the hours that a person has chosen."""
    begins, ends = own or quiet_hours()
    chosen = MARKET if own is None else NONE if begins == ends else OWN
    if begins == ends:
        begins, ends = quiet_hours()
    return QuietHoursForm(initial={"quiet": chosen, "begins": begins, "ends": ends})


def _page(
    request: HttpRequest, kinds: list[dict[str, Any]], quiet: QuietHoursForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "kinds": kinds,
        "reaches_phones": bool(offered_text_channels()),
        "quiet": quiet_hours(),
        "quiet_form": quiet,
        "chosen": quiet["quiet"].value(),
        "tabs": account_tabs("notifications:preferences"),
    }
    return render(request, "notifications/preferences.html", context, status=status)


@csrf_exempt  # mail programs send it by themselves (RFC 8058); the signed address proves whose letters are meant
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether letters of a kind are to stop, and stop them; opening the page alone changes nothing."""
    is_done = request.method == "POST"
    try:
        kind = decline_letters(token=token, now=timezone.now()) if is_done else declined_kind(token=token)
    except NotificationNotFoundError as error:
        raise Http404 from error
    return render(request, "notifications/unsubscribe.html", {"kind": kind, "is_done": is_done})
