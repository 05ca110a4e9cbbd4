"""Returns of all shops, and the decision where buyer and shop don't agree."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in_user
from checkout.exchanging.telling import exchange_summary
from checkout.models import MessageSide, ReturnStatus, ReversedBy
from checkout.photos.keeping import photo_response
from checkout.returning.moves import Move, allowed_moves
from checkout.returning.selectors import all_returns, any_photo, get_any_return
from console.access import operators_only
from console.filters import chosen, options
from console.paging import paginate
from console.services.returns import decide_return, pay_return
from console.views.messages import latest_messages
from console.views.reasons import given_reason
from kit.errors import DomainError
from kit.web.not_found import or_404


@operators_only
@require_safe
def return_list(request: HttpRequest) -> HttpResponse:
    """List returns of all shops, the newest first."""
    status = chosen(request, "status", ReturnStatus.choices)
    context = {
        "page": paginate(request, all_returns(status=status)),
        "statuses": options(ReturnStatus.choices, status, everything=gettext("Any status")),
        "is_filtered": bool(status),
    }
    return render(request, "console/returns.html", context)


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def return_page(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """Show a return, and decide it."""
    found = or_404(get_any_return, return_id=return_id)
    if request.method == "POST":
        return _decide(request, return_id)
    context = {
        "returned": found,
        "exchange": exchange_summary(found),
        "moves": allowed_moves(found, ReversedBy.OPERATOR, now=timezone.now()),
        "conversation": latest_messages(found.sub_order),
        "side": MessageSide.OPERATOR,
        "photos": [{"url": reverse("console:return-photo", args=[each.pk])} for each in found.photos.all()],
        "crumbs": [
            {"label": gettext("Returns"), "url": reverse("console:returns")},
            {"label": found.sub_order.number},
        ],
    }
    return render(request, "console/return.html", context)


@operators_only
@require_safe
def return_photo(_request: HttpRequest, photo_id: UUID) -> HttpResponse:
    """Show a photo of a return."""
    return photo_response(or_404(any_photo, photo_id=photo_id))


def _decide(request: HttpRequest, return_id: UUID) -> HttpResponse:
    name, actor_id, now = request.POST.get("move", ""), signed_in_user(request).pk, timezone.now()
    if name not in {Move.ACCEPT, Move.REFUSE, Move.RECEIVE}:
        raise Http404
    if reason := given_reason(request):
        try:
            if name == Move.RECEIVE:
                pay_return(return_id=return_id, delivery_minor=0, actor_id=actor_id, reason=reason, now=now)
            else:
                decide_return(
                    return_id=return_id,
                    move=Move(name),
                    actor_id=actor_id,
                    reason=reason,
                    refunds_instead="refunds_instead" in request.POST,
                    now=now,
                )
            messages.success(request, gettext("Decided. Buyer and shop are told."))
        except DomainError as error:
            messages.error(request, error.message)
    return redirect("console:return", return_id=return_id)
