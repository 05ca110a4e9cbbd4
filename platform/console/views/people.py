"""People, as far as operators deal with them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in_user
from console.access import operators_only
from console.forms.actions import ForgetPersonForm
from console.services.people import forget_person
from kit.errors import DomainError


@operators_only
@require_http_methods(["GET", "POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Delete the data of a person who asked by letter, with a reason."""
    form = ForgetPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            forget_person(
                email=form.cleaned_data["email"],
                actor_id=signed_in_user(request).pk,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except DomainError as error:
            form.add_error("email", error.message)
        else:
            messages.success(request, gettext("The person has been forgotten."))
            return redirect("console:person-forget")
    return render(request, "console/forget_person.html", {"form": form}, status=400 if form.errors else 200)
