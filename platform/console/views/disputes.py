"""Disputes: the queue, one with its shops, evidence and answers, and what the market answers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in_user
from accounts.selectors import users_by_id
from checkout.disputes.evidence import add_market_evidence, statement_of
from checkout.disputes.selectors import disputes_of_buyer
from console.access import operators_only
from console.filters import chosen, options, typed
from console.forms.disputes import AcceptForm, MarketEvidenceForm, StatementForm
from console.paging import paginate
from console.selectors.audit_sentences import history_of
from console.selectors.shops import shop_id_of
from console.services import disputes as services
from gateway.registry import provider_label
from kit.documents import PDF
from kit.errors import DomainError
from kit.private_files import private_file_response
from kit.sentences.stored import in_words
from kit.web.body_rules import takes_files
from kit.web.not_found import or_404
from payouts.disputes.evidence import evidence_folder, find_evidence
from payouts.disputes.selectors import disputes_by_shop, get_dispute, list_disputes
from payouts.models import AnswerState, Dispute, DisputeStatus

REFUSED = 422
STEPS = {
    "opened": gettext_lazy("The bank has disputed the payment"),
    "evidence": gettext_lazy("Evidence was added"),
    "reminded": gettext_lazy("The provider has reminded us"),
    "answering": gettext_lazy("An answer with evidence is on its way"),
    "accepting": gettext_lazy("The dispute is accepted; the provider is told"),
    "answered": gettext_lazy("The provider has the answer"),
    "refused": gettext_lazy("The provider has refused the answer"),
    "with_bank": gettext_lazy("The bank decides"),
    "won": gettext_lazy("Won"),
    "lost": gettext_lazy("Lost"),
    "held": gettext_lazy("More money is held: another dispute about this payment held it before"),
    "set_off": gettext_lazy("The bank has paid a refund that was owed: it is not sent"),
    "paid_too": gettext_lazy("The provider has paid that refund as well: the market bears it"),
    "borne": gettext_lazy("Shops have paid for this loss with money that another dispute about this payment held"),
}


@operators_only
@require_safe
def dispute_list(request: HttpRequest) -> HttpResponse:
    """List disputes, newest first, narrowed by status and shop."""
    status, slug = chosen(request, "status", DisputeStatus.choices), typed(request, "shop")
    found = list_disputes(status=status, shop_id=shop_id_of(slug))
    context = {
        "page": paginate(request, found),
        "now": timezone.now(),
        "statuses": options(DisputeStatus.choices, status, everything=gettext("Any status")),
        "shop_slug": slug,
        "is_filtered": bool(status or slug),
    }
    return render(request, "console/disputes.html", context)


@takes_files
@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def dispute_page(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Show a dispute, add evidence of the market, and send the answer that declines it."""
    dispute = or_404(get_dispute, dispute_id=dispute_id)
    act = request.POST.get("act", "")
    data, files = (request.POST, request.FILES) if act == "add" else (None, None)
    own = MarketEvidenceForm(data, files, prefix="own")
    answer = _statement_form(dispute, request.POST if act == "send" else None)
    if request.method != "POST":
        return _page(request, dispute, own, answer)
    if act not in {"add", "send"}:
        raise Http404
    form = own if act == "add" else answer
    if form.is_valid():
        try:
            _add(request, dispute, own) if act == "add" else _send(request, dispute, answer)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return redirect("console:dispute", dispute_id=dispute_id)
    return _page(request, dispute, own, answer, status=REFUSED)


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def dispute_accept(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """Accept a dispute: the amount and the reason are entered, shown with the shops' shares, then confirmed."""
    dispute = or_404(get_dispute, dispute_id=dispute_id)
    form = AcceptForm(request.POST or None, dispute=dispute)
    is_valid = form.is_valid()
    if is_valid and form.is_confirmed:
        try:
            services.accept_dispute(
                dispute_id=dispute_id,
                actor_id=signed_in_user(request).pk,
                reason=form.cleaned_data["reason"],
                amount_minor=form.amount_minor,
                now=timezone.now(),
            )
            messages.success(request, gettext("Accepted. The provider is told, and the buyer gets the money."))
            return redirect("console:dispute", dispute_id=dispute_id)
        except DomainError as error:
            form.add_error(None, error.message)
    context = {
        "dispute": dispute,
        "form": form,
        "amount_minor": form.amount_minor if is_valid else None,
        "crumbs": [*_crumbs(dispute), {"label": gettext("Accept")}],
    }
    status = REFUSED if form.is_bound and form.errors else 200
    return render(request, "console/dispute_accept.html", context, status=status)


@operators_only
@require_safe
def dispute_file(_request: HttpRequest, dispute_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Send a file of a dispute's evidence."""
    piece = or_404(find_evidence, dispute_id=dispute_id, evidence_id=evidence_id)
    return private_file_response(
        evidence_folder(dispute_id),
        piece.file,
        file_name=piece.file_name,
        content_type=piece.content_type,
        is_attachment=piece.content_type == PDF,
    )


def _statement_form(dispute: Dispute, data: Any = None) -> StatementForm:
    files = [piece for piece in dispute.evidence.all() if piece.file]
    initial = {"statement": statement_of(dispute_id=dispute.pk)} if data is None else None
    return StatementForm(data, files=files, initial=initial, prefix="answer")


def _add(request: HttpRequest, dispute: Dispute, form: MarketEvidenceForm) -> None:
    added = form.added_by(signed_in_user(request).pk)
    add_market_evidence(dispute_id=dispute.pk, added=added, now=timezone.now())
    messages.success(request, gettext("Added. Nothing is sent before you send the answer."))


def _send(request: HttpRequest, dispute: Dispute, form: StatementForm) -> None:
    chosen_file = form.cleaned_data["evidence"]
    services.send_evidence(
        dispute_id=dispute.pk,
        actor_id=signed_in_user(request).pk,
        statement=form.cleaned_data["statement"],
        evidence_id=UUID(chosen_file) if chosen_file else None,
        now=timezone.now(),
    )
    messages.success(
        request, gettext("The answer is on its way to the provider. Load this page again to see it taken.")
    )


def _page(
    request: HttpRequest, dispute: Dispute, own: MarketEvidenceForm, answer: StatementForm, *, status: int = 200
) -> HttpResponse:
    answers = list(dispute.answers.all())
    has_answer = any(each.state != AnswerState.REFUSED for each in answers)
    counts = disputes_by_shop(shop_ids={part.shop_id for part in dispute.parts.all()})
    context = {
        "dispute": dispute,
        "provider": provider_label(dispute.provider),
        "parts": [(part, counts.get(part.shop_id)) for part in dispute.parts.all()],
        "buyer": disputes_of_buyer(payment_id=dispute.payment_id),
        "answers": answers,
        "is_answerable": dispute.is_answerable(timezone.now()) and not has_answer,
        "own": own,
        "answer": answer,
        "events": _events(dispute),
        "entries": history_of(subjects=[f"dispute:{dispute.pk}"], limit=10),
        "crumbs": _crumbs(dispute),
    }
    return render(request, "console/dispute.html", context, status=status)


def _events(dispute: Dispute) -> list[dict[str, Any]]:
    people = users_by_id({step["by"] for step in dispute.steps if step.get("by")})
    return [
        {
            "title": STEPS.get(step["move"], step["move"]),
            "at": datetime.fromisoformat(step["at"]),
            "note": ", ".join(filter(None, (str(people.get(step.get("by"), "")), in_words(step.get("text", ""))))),
        }
        for step in dispute.steps
    ]


def _crumbs(dispute: Dispute) -> list[dict[str, str]]:
    return [
        {"label": gettext("Disputes"), "url": reverse("console:disputes")},
        {"label": dispute.order_number, "url": reverse("console:dispute", args=[dispute.pk])},
    ]
