"""Members of the shop, invitations, and the permissions of each role."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import signed_in_user
from kit.errors import DomainError, NotFoundError
from kit.web.hosts import platform_url
from kit.web.not_found import or_404
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version
from tenants.access import all_capabilities, can
from tenants.capabilities import LEAVE_SHOP, MANAGE_STAFF, VIEW_STAFF
from tenants.errors import AlreadyMemberError
from tenants.models import Membership, Role
from tenants.shops.selectors import members_of
from tenants.staff.invitations import INVITATION_DAYS, invite_member, revoke_invitation
from tenants.staff.locks import get_member, member_version
from tenants.staff.members import change_role, leave_shop, remove_member
from tenants.staff.selectors import invitations_of
from vendors.access import StaffRequest, staff_only
from vendors.forms.staff import InviteForm, RoleForm
from vendors.views.dashboard_page import dashboard_page, may


@staff_only(VIEW_STAFF)
@require_safe
def staff_list(request: StaffRequest) -> HttpResponse:
    """Show the shop's people; owners can invite more."""
    return _staff_page(request, InviteForm(initial={"role": Role.FULFILMENT}))


@staff_only(MANAGE_STAFF)
@require_POST
def staff_invite(request: StaffRequest) -> HttpResponse:
    """Send an invitation, or a new one in place of an earlier one."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _staff_page(request, form, status=400)
    try:
        invitation = invite_member(
            shop_id=request.shop.pk,
            email=form.cleaned_data["email"],
            role=Role(form.cleaned_data["role"]),
            invited_by_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
    except DomainError as error:
        form.add_error("email" if isinstance(error, AlreadyMemberError) else None, error.message)
        return _staff_page(request, form, status=error.status)
    messages.success(request, (gettext("We have sent an invitation to %(email)s.") % {"email": invitation.email}))
    return redirect("vendors:staff")


@staff_only(MANAGE_STAFF)
@require_POST
def staff_revoke(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Withdraw an invitation."""
    try:
        invitation = revoke_invitation(
            shop_id=request.shop.pk,
            invitation_id=invitation_id,
            revoked_by_id=signed_in_user(request).pk,
            now=timezone.now(),
        )
    except NotFoundError as error:
        raise Http404(error.message) from error
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(
            request,
            (
                gettext("The invitation of %(email)s is withdrawn; its link no longer works.")
                % {"email": invitation.email}
            ),
        )
    return redirect("vendors:staff")


@staff_only(MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_member(request: StaffRequest, member_id: int) -> HttpResponse:
    """Change a member's role."""
    member = or_404(get_member, shop_id=request.shop.pk, member_id=member_id)
    form = RoleForm(request.POST if request.method == "POST" else None, initial={"role": member.role})
    version, is_stale = shown_version(request, member_version(member)), False
    if request.method == "POST" and form.is_valid():
        try:
            change_role(
                shop_id=request.shop.pk,
                member_id=member_id,
                role=Role(form.cleaned_data["role"]),
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
                seen=sent_version(request),
            )
        except ChangedMeanwhileError as error:
            member, is_stale = or_404(get_member, shop_id=request.shop.pk, member_id=member_id), True
            version = member_version(member)
            show_what_is_saved(form, error, saved={"role": member.role})
        except DomainError as error:
            form.add_error("role", error.message)
        else:
            messages.success(
                request,
                (
                    gettext("%(user)s is %(role)s now.")
                    % {"user": member.user, "role": Role(form.cleaned_data["role"]).label.lower()}
                ),
            )
            return redirect("vendors:staff" if _still_sees_staff(request, member, form) else "vendors:today")
    context = {
        "member": member,
        "form": form,
        "version": version,
        "is_oneself": member.user_id == request.user.pk,
        "matrix": matrix_table(),
        "roles": list(Role),
        "crumbs": _crumbs(str(member.user)),
    }
    status = CONFLICT if is_stale else 400 if form.errors else 200
    return dashboard_page(request, "vendors/staff_member.html", context, status=status)


@staff_only(MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_remove(request: StaffRequest, member_id: int) -> HttpResponse:
    """Remove a member after a confirmation."""
    member = or_404(get_member, shop_id=request.shop.pk, member_id=member_id)
    if member.user_id == request.user.pk:
        return redirect("vendors:staff-leave")
    if request.method != "POST":
        crumbs = _crumbs(str(member.user), member)
        return dashboard_page(request, "vendors/staff_remove.html", {"member": member, "crumbs": crumbs})
    try:
        remove_member(
            shop_id=request.shop.pk, member_id=member_id, actor_id=signed_in_user(request).pk, now=timezone.now()
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, (gettext("%(user)s no longer works here.") % {"user": member.user}))
    return redirect("vendors:staff")


@staff_only(LEAVE_SHOP)
@require_http_methods(["GET", "HEAD", "POST"])
def staff_leave(request: StaffRequest) -> HttpResponse:
    """Ask, then end one's own work in the shop."""
    if request.method != "POST":
        return dashboard_page(request, "vendors/staff_leave.html", {"is_owner": request.role == Role.OWNER})
    try:
        leave_shop(shop_id=request.shop.pk, user_id=signed_in_user(request).pk, now=timezone.now())
    except DomainError as error:
        context = {"is_owner": request.role == Role.OWNER, "error": error}
        return dashboard_page(request, "vendors/staff_leave.html", context, status=error.status)
    messages.success(request, (gettext("You no longer work in %(shop)s.") % {"shop": request.shop.name}))
    return redirect(platform_url("/account/shops/"))


def matrix_table() -> list[dict[str, Any]]:
    """Return the table of permissions, a row for each capability, in the order of the roles."""
    return [
        {"label": capability.label, "allowed": [can(role, capability) for role in Role]}
        for capability in all_capabilities()
    ]


def _staff_page(request: StaffRequest, form: InviteForm, *, status: int = 200) -> HttpResponse:
    shop_id, manages = request.shop.pk, may(request, MANAGE_STAFF)
    now = timezone.now()
    context = {
        "members": members_of(shop_id=shop_id),
        "invitations": [
            {"invitation": one, "is_expired": one.expires_at <= now} for one in invitations_of(shop_id=shop_id)
        ],
        "may_manage": manages,
        "form": form,
        "days": INVITATION_DAYS,
        "matrix": matrix_table(),
        "roles": list(Role),
    }
    return dashboard_page(request, "vendors/staff.html", context, status=status)


def _still_sees_staff(request: StaffRequest, member: Membership, form: RoleForm) -> bool:
    return member.user_id != request.user.pk or can(Role(form.cleaned_data["role"]), VIEW_STAFF)


def _crumbs(name: str, member: Membership | None = None) -> list[dict[str, str]]:
    crumbs = [{"label": gettext("Staff"), "url": reverse("vendors:staff")}]
    if member is None:
        return [*crumbs, {"label": name}]
    return [
        *crumbs,
        {"label": name, "url": reverse("vendors:staff-member", args=[member.pk])},
        {"label": gettext("Remove")},
    ]
