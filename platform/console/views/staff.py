"""A shop's people and invitations on its page, and an owner for a shop that has none."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import signed_in_user
from console.access import operators_only
from console.forms.actions import ReasonForm
from console.services.staff import has_owner, invite_owner
from kit.errors import DomainError
from kit.text.forms import EmailField
from kit.text.labelled import labelled
from kit.web.not_found import or_404
from tenants.models import Shop
from tenants.shops.selectors import get_shop_by_slug, members_of
from tenants.staff.selectors import invitations_of


class OwnerForm(ReasonForm):
    """The new owner of the shop, and the reason."""

    email = EmailField(label=gettext_lazy("E-mail address"))
    field_order = ("email", "reason")


def staff_of(shop: Shop) -> dict[str, Any]:
    """Return the shop's members and invitations for its page, with a form where the shop has no owner."""
    now, members = timezone.now(), members_of(shop_id=shop.pk)
    offers = [{"invitation": one, "is_expired": one.expires_at <= now} for one in invitations_of(shop_id=shop.pk)]
    form = None if has_owner(members) else OwnerForm(auto_id="owner_%s")
    return {"members": members, "offers": offers, "owner_form": form}


@operators_only
@require_POST
def shop_owner_invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite an owner, with a reason."""
    shop = or_404(get_shop_by_slug, slug)
    form = OwnerForm(request.POST)
    if not form.is_valid():
        for field, faults in form.errors.items():
            messages.error(request, labelled(form.fields[field].label, " ".join(map(str, faults))))
        return redirect("console:shop", slug=slug)
    try:
        invitation = invite_owner(
            shop=shop, actor_id=signed_in_user(request).pk, now=timezone.now(), **form.cleaned_data
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request,
            (gettext("We have invited %(email)s to own %(shop)s.") % {"email": invitation.email, "shop": shop.name}),
        )
    return redirect("console:shop", slug=slug)
