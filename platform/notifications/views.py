"""The inbox."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.access import sign_in_required, signed_in_user
from accounts.redirects import is_own_url
from notifications import selectors, services
from notifications.errors import NotificationNotFoundError

PAGE_SIZE = 20


@require_GET
@sign_in_required
def inbox(request: HttpRequest) -> HttpResponse:
    """List the notifications, the newest first."""
    user = signed_in_user(request)
    pages = Paginator(selectors.notifications_of(user_id=user.pk), PAGE_SIZE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "has_unread": selectors.unread_count(user_id=user.pk) > 0,
        "previous_url": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?page={page.next_page_number()}" if page.has_next() else "",
    }
    return render(request, "notifications/list.html", context)


@require_POST
@sign_in_required
def read(request: HttpRequest, notification_id: int) -> HttpResponse:
    """Mark a notification as read and redirect to its link."""
    user = signed_in_user(request)
    try:
        message = services.mark_read(user_id=user.pk, notification_id=notification_id, now=timezone.now())
    except NotificationNotFoundError as error:
        raise Http404(error.message) from error
    leads_on = "open" in request.POST and message.url and is_own_url(message.url)
    return redirect(message.url if leads_on else "notifications:list")


@require_POST
@sign_in_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    services.mark_all_read(user_id=signed_in_user(request).pk, now=timezone.now())
    return redirect("notifications:list")
