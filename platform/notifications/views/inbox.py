"""The inbox."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import sign_in_required, signed_in_user
from accounts.redirects import is_own_url
from kit.web.not_found import or_404
from kit.web.paging import numbered_page
from notifications import selectors, services

PAGE_SIZE = 20


@require_GET
@sign_in_required
def inbox(request: HttpRequest) -> HttpResponse:
    """List the notifications, the newest first."""
    user = signed_in_user(request)
    notifications, pager = numbered_page(request, selectors.notifications_of(user_id=user.pk), size=PAGE_SIZE)
    context = {
        "notifications": notifications,
        "pager": pager,
        "has_unread": selectors.unread_count(user_id=user.pk) > 0,
    }
    return render(request, "notifications/list.html", context)


@require_POST
@sign_in_required
def read(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Mark a notification as read and redirect to its link."""
    user = signed_in_user(request)
    message = or_404(services.mark_read, user_id=user.pk, notification_id=notification_id, now=timezone.now())
    leads_on = "open" in request.POST and message.url and is_own_url(message.url)
    return redirect(message.url if leads_on else "notifications:list")


@require_POST
@sign_in_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    services.mark_all_read(user_id=signed_in_user(request).pk, now=timezone.now())
    return redirect("notifications:list")
