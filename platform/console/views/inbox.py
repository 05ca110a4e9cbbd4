"""The inbox of payment events, each with its state."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import signed_in_user
from checkout.orders.payments import find_payment
from console.access import operators_only
from console.filters import chosen, options, typed
from console.forms.actions import ReasonForm
from console.paging import paginate
from console.selectors.audit_sentences import history_of
from console.services.payments import replay_event
from gateway.registry import provider_label
from kit.errors import DomainError
from kit.web.not_found import or_404
from webhooks.models import InboundEvent, InboundStatus
from webhooks.selectors import count_by_status, get_event, list_events, readable_body


@operators_only
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """List events, newest first."""
    status, search = chosen(request, "status", InboundStatus.choices), typed(request, "q")
    counts = count_by_status()
    context = {
        "page": paginate(request, list_events(status=status, search=search)),
        "search": search,
        "statuses": options(
            [(value, f"{label} ({counts[value]:,})") for value, label in InboundStatus.choices],
            status,
            everything=gettext("Any status"),
        ),
        "is_filtered": bool(status or search),
    }
    return render(request, "console/inbox.html", context)


@operators_only
@require_safe
def inbox_event(request: HttpRequest, event_id: int) -> HttpResponse:
    """Show an event with its body."""
    return _render_event(request, or_404(get_event, event_id=event_id), ReasonForm())


@operators_only
@require_POST
def inbox_replay(request: HttpRequest, event_id: int) -> HttpResponse:
    """Process an event again, with a reason."""
    event = or_404(get_event, event_id=event_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _render_event(request, event, form, status=400)
    try:
        replay_event(
            event_id=event_id,
            actor_id=signed_in_user(request).pk,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
        messages.success(request, gettext("The event is being processed again."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("console:inbox-event", event_id=event_id)


def _render_event(request: HttpRequest, event: InboundEvent, form: ReasonForm, *, status: int = 200) -> HttpResponse:
    payment = find_payment(reference=event.reference)
    context = {
        "event": event,
        "provider": provider_label(event.provider),
        "body": readable_body(event),
        "form": form,
        "payment": payment if payment and payment.provider == event.provider else None,
        "can_replay": event.status != InboundStatus.RECEIVED,
        "entries": history_of(subjects=[f"event:{event.pk}"], limit=10),
        "crumbs": [
            {"label": gettext("Payment inbox"), "url": reverse("console:inbox")},
            {"label": (gettext("Event %(pk)s") % {"pk": event.pk})},
        ],
    }
    return render(request, "console/inbox_event.html", context, status=status)
