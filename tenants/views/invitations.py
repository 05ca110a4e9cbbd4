"""Pages of invitations and of a person's own shops, on the platform's host."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.access import sign_in_required, signed_in_user
from accounts.redirects import sign_in_url
from accounts.selectors import find_user, is_email_verified
from accounts.services.credentials import sign_in
from accounts.views.tabs import account_tabs
from kit.api.throttling import throttled_page
from kit.errors import DomainError, InvalidInputError
from kit.web.hosts import platform_url
from tenants.access import ROLE_SUMMARIES
from tenants.errors import InvitationNotFoundError
from tenants.forms import JoinForm
from tenants.models import Invitation, Membership, Role
from tenants.shops.addresses import shop_url
from tenants.shops.selectors import memberships_of, role_in
from tenants.staff import invitations
from tenants.staff.selectors import get_invitation, invitations_for, masked, state_of

TEMPLATE = "tenants/invitation.html"
Answer = Callable[..., Any]


@never_cache
@require_safe
def invitation_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invitation, its sender, and the steps that accept it."""
    return _page(request, token)


@never_cache
@require_POST
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Accept, and redirect to the shop's dashboard."""
    if not request.user.is_authenticated:
        return redirect(sign_in_url(platform_url(reverse("tenants:invitation", args=[token]))))
    try:
        membership = invitations.accept_invitation(token=token, user_id=signed_in_user(request).pk, now=timezone.now())
    except DomainError as error:
        return _page(request, token, error=error)
    return _welcome(request, membership)


@sensitive_post_parameters("password1")
@never_cache
@require_POST
@throttled_page("sign-in")
def invitation_join(request: HttpRequest, token: str) -> HttpResponse:
    """Open an account with the address that the link was sent to, or take over an unproved one; then as accepting."""
    if request.user.is_authenticated:
        return redirect("tenants:invitation", token=token)
    form = JoinForm(request.POST)
    if form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["password1"]
        try:
            membership = invitations.join_by_invitation(token=token, name=name, password=password, now=timezone.now())
        except InvalidInputError as error:
            form.add_error("password1", error.details.get("new_password", [error.message]))
        except DomainError as error:
            return _page(request, token, error=error)
        else:
            sign_in(request=request, user=membership.user)
            return _welcome(request, membership)
    return _page(request, token, form=form)


@never_cache
@require_POST
def invitation_decline(request: HttpRequest, token: str) -> HttpResponse:
    """Decline; who holds the link need not have an account."""
    user_id = request.user.pk if request.user.is_authenticated else None
    try:
        invitation = invitations.decline_invitation(token=token, user_id=user_id, now=timezone.now())
    except DomainError as error:
        return _page(request, token, error=error)
    messages.success(
        request, (gettext("You have declined the invitation of %(shop)s.") % {"shop": invitation.shop.name})
    )
    return redirect("discovery:home")


@never_cache
@sign_in_required
@require_safe
def own_shops(request: HttpRequest) -> HttpResponse:
    """Show a person's shops, and invitations to others."""
    user, now = signed_in_user(request), timezone.now()
    is_confirmed = is_email_verified(user=user)
    context = {
        "tabs": account_tabs("tenants:own-shops"),
        "rows": [_shop_row(membership) for membership in memberships_of(user)],
        "offers": invitations_for(email=user.email, now=now) if is_confirmed else [],
        "is_confirmed": is_confirmed,
    }
    return render(request, "tenants/own_shops.html", context)


@never_cache
@sign_in_required
@require_POST
def own_invitation(request: HttpRequest, invitation_id: UUID, action: str) -> HttpResponse:
    """Accept or decline an offer that was made to one's own address."""
    user_id, now = signed_in_user(request).pk, timezone.now()
    try:
        if action == "accept":
            accepted = invitations.accept_own_invitation(invitation_id=invitation_id, user_id=user_id, now=now)
            return _welcome(request, accepted)
        declined = invitations.decline_own_invitation(invitation_id=invitation_id, user_id=user_id, now=now)
        messages.success(
            request, (gettext("You have declined the invitation of %(shop)s.") % {"shop": declined.shop.name})
        )
    except InvitationNotFoundError as error:
        return render(request, TEMPLATE, {"error": error, "state": "unknown"}, status=error.status)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("tenants:own-shops")


def _page(
    request: HttpRequest, token: str, *, error: DomainError | None = None, form: JoinForm | None = None
) -> HttpResponse:
    try:
        invitation = get_invitation(token=token)
    except InvitationNotFoundError as missing:
        return render(request, TEMPLATE, {"error": missing, "state": "unknown"}, status=missing.status)
    here = reverse("tenants:invitation", args=[token])
    context = _facts(invitation) | {
        "state": _state_for(request, invitation),
        "token": token,
        "here": here,
        "sign_in_url": sign_in_url(platform_url(here)),
        "form": form or JoinForm(),
        "error": error,
    }
    status = error.status if error else 422 if form else 200
    return render(request, TEMPLATE, context, status=status)


def _state_for(request: HttpRequest, invitation: Invitation) -> str:
    """Return the state that the visitor sees: the invitation's, or the reason why they cannot accept it."""
    user = request.user
    if user.is_authenticated and role_in(user, invitation.shop) is not None:
        return "member"
    state = state_of(invitation, now=timezone.now())
    if state.value != "open":
        return str(state.value)
    if user.is_authenticated:
        return "ready" if user.email == invitation.email else "somebody-else"
    owner = find_user(email=invitation.email)
    if owner is None:
        return "new"
    return "anonymous" if is_email_verified(user=owner) or not owner.is_active else "unproved"


def _facts(invitation: Invitation) -> dict[str, Any]:
    shop, inviter = invitation.shop, invitation.invited_by
    return {
        "invitation": invitation,
        "offering_shop": shop,
        "masked": masked(invitation.email),
        "summary": ROLE_SUMMARIES[Role(invitation.role)],
        "inviter": inviter if inviter is not None and not inviter.is_operator else None,
        "dashboard_url": shop_url(shop, "/dashboard/"),
    }


def _shop_row(membership: Membership) -> dict[str, Any]:
    shop = membership.shop
    return {
        "membership": membership,
        "dashboard_url": shop_url(shop, "/dashboard/"),
        "leave_url": shop_url(shop, "/dashboard/staff/leave/"),
    }


def _welcome(request: HttpRequest, membership: Membership) -> HttpResponse:
    shop = membership.shop
    messages.success(
        request,
        (
            gettext("Welcome to %(shop)s. You work here as %(role)s now.")
            % {"shop": shop.name, "role": membership.get_role_display().lower()}
        ),
    )
    return redirect(shop_url(shop, "/dashboard/"))
