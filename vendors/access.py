"""Access to a shop's pages and API: members only, by the capabilities of their role."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, ClassVar, cast

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.access import django_request, is_operator, redirect_to_sign_in, signed_in_user
from kit.db.read_only import is_refused_write, read_only
from kit.db.roles import as_platform
from kit.errors import DomainError
from kit.web.zones import zone_of
from tenants.access import Capability, can
from tenants.errors import ShopClosedError, ShopSuspendedError
from tenants.hosts.limits import ShopTooBusyError, count_member, refuse_page
from tenants.hosts.requests import ShopRequest
from tenants.life.lifecycle import check_allows
from tenants.models import Membership, Role, Shop
from tenants.shops.selectors import membership_in, memberships_of
from tenants.staff.views_of_operators import ShopView, find_view
from vendors.errors import NotAMemberError, RoleTooLowError
from vendors.navigation import entries_for

Page = Callable[..., HttpResponse]


class StaffRequest(ShopRequest):
    """A request on a shop's host by a member of the shop, or by an operator who looks at it."""

    role: Role
    memberships: list[Membership]
    shop_view: ShopView


def staff_only(capability: Capability, *, to_change: Capability | None = None) -> Callable[[Page], Page]:
    """Open a page to members with a capability; visitors are redirected to sign-in.

    Args:
        to_change: what posting to the page takes, where that is more.

    Raises:
        Http404: the signed-in user is no member.
        PermissionDenied: the member's role lacks the capability.

    Where the shop's status allows no change, a page tells the reason. The page gets the shop as it was read with the
    membership: the host's cached row is seconds old, and editing it would write old values back.

    Operators who have said why may look at the page, and change nothing (`tenants.staff.views_of_operators`).
    """

    def guard(page: Page) -> Page:
        @never_cache
        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_sign_in(request)
            staff = cast("StaffRequest", request)
            with as_platform():  # all of a person's shops: the page's menu shows them
                staff.memberships = memberships_of(request.user)
            here = next((each for each in staff.memberships if each.shop_id == staff.shop.pk), None)
            if here is None:
                return _viewed_page(staff, page, *args, **kwargs)
            role, staff.shop = Role(here.role), here.shop
            try:
                count_member(staff, user_id=request.user.pk)
            except ShopTooBusyError as error:
                return refuse_page(request, error)
            is_change = request.method not in SAFE_METHODS
            needed = to_change if to_change is not None and is_change else capability
            if not can(role, needed):
                raise PermissionDenied
            staff.role = role
            if is_change and (refusal := _refusal(staff.shop, needed)):
                context = {"refusal": refusal.message, "nav_entries": entries_for(role)}
                return render(request, "vendors/locked.html", context, status=refusal.status)
            with timezone.override(zone_of(country=staff.shop.country)):
                return page(request, *args, **kwargs)

        return cast("Page", guarded)

    return guard


def _viewed_page(request: StaffRequest, page: Callable[..., HttpResponse], *args: Any, **kwargs: Any) -> HttpResponse:
    """Show a page as the shop's owner sees it to an operator with a permission; the database refuses what it writes.

    Raises:
        Http404: the caller is no operator, or has no permission to look at this shop.
    """
    view = _view_of(request)
    if view is None:
        raise Http404
    request.role, request.shop_view = Role.OWNER, view
    if request.method not in SAFE_METHODS:
        return _refused(request)
    try:
        with timezone.override(zone_of(country=request.shop.country)), read_only():
            return page(request, *args, **kwargs)
    except DatabaseError as error:
        if is_refused_write(error):
            return _refused(request)
        raise


def _view_of(request: StaffRequest) -> ShopView | None:
    if not is_operator(request.user):
        return None
    return find_view(shop_id=request.shop.pk, user_id=signed_in_user(request).pk, now=timezone.now())


def _refused(request: StaffRequest) -> HttpResponse:
    context = {"nav_entries": entries_for(request.role)}
    return render(request, "vendors/read_only.html", context, status=HTTPStatus.FORBIDDEN)


def _refusal(shop: Shop, capability: Capability) -> DomainError | None:
    try:
        check_allows(shop, capability)
    except DomainError as error:
        return error
    return None


class StaffPermission(BasePermission):
    """Only members whose role allows what the endpoint's `capabilities` ask for; what they forget is refused."""

    @staticmethod
    def refusals_of(method: str) -> tuple[type[DomainError], ...]:
        """Return the refusals that a call of any endpoint here may meet, for the API's description."""
        of_changes = () if method in SAFE_METHODS else (ShopSuspendedError, ShopClosedError)
        return (NotAMemberError, RoleTooLowError, ShopTooBusyError, *of_changes)

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Raise the refusal, so that its code names the reason; for an anonymous caller it is a 401."""
        if not request.user.is_authenticated:
            return False
        here = membership_in(request.user, shop_of(request))
        if here is None:
            raise NotAMemberError
        role = Role(here.role)
        staff = cast("StaffRequest", django_request(request))
        staff.role, staff.shop = role, here.shop  # as it is now, not as routing remembers it
        count_member(cast("ShopRequest", django_request(request)), user_id=request.user.pk)
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method == "OPTIONS" or not hasattr(view, method.lower()):
            return True
        needed = getattr(view, "capabilities", {}).get(method)
        if needed is None or not can(role, needed):
            raise RoleTooLowError
        if method not in SAFE_METHODS:
            check_allows(shop_of(request), needed)
        return True


class StaffApi(APIView):
    """An endpoint on a shop's host; `capabilities` names the capability of each method."""

    permission_classes = (StaffPermission,)
    capabilities: ClassVar[dict[str, Capability]] = {}


def role_of(request: Request) -> Role:
    """Return the role of the caller in the shop on whose host the API is called."""
    return cast("StaffRequest", django_request(request)).role


def shop_of(request: Request) -> Shop:
    """Return the shop on whose host the API is called."""
    return cast("ShopRequest", django_request(request)).shop
