"""A shop's disputes: the list with the time left, and one with its claim, its money and the shop's evidence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import signed_in_user
from checkout.capabilities import ANSWER_DISPUTES
from checkout.disputes.evidence import add_shop_evidence, evidence_offers
from kit.documents import PDF
from kit.errors import DomainError
from kit.private_files import private_file_response
from kit.web.body_rules import takes_files
from kit.web.not_found import or_404
from kit.web.paging import page_window, pager
from payouts.disputes.evidence import evidence_folder, find_evidence
from payouts.disputes.selectors import get_shop_dispute, is_held_again, shop_dispute_page, shop_evidence
from payouts.models import Dispute, DisputePart, DisputeStatus
from vendors.access import StaffRequest, staff_only
from vendors.forms.disputes import EvidenceForm
from vendors.views.dashboard_page import dashboard_page

REFUSED = 422
# Steps that a shop sees; the others are about the market's own work.
STEPS = {
    "opened": gettext_lazy("The bank has disputed the payment"),
    "evidence": gettext_lazy("Evidence was added"),
    "reminded": gettext_lazy("The provider has reminded us"),
    "answered": gettext_lazy("Our answer is with the bank"),
    "with_bank": gettext_lazy("The bank decides"),
    "won": gettext_lazy("Won"),
    "lost": gettext_lazy("Lost"),
    "held": gettext_lazy("More money is held: another dispute about this payment held it before"),
}


@staff_only(ANSWER_DISPUTES)
@require_safe
def dispute_list(request: StaffRequest) -> HttpResponse:
    """List the shop's disputes, the newest first, with the time that is left to answer."""
    status = request.GET.get("status", "")
    status = status if status in DisputeStatus.values else ""
    window = page_window(request)
    found, count = shop_dispute_page(shop_id=request.shop.pk, status=status, offset=window.offset, limit=window.size)
    context = {
        "rows": found,
        "now": timezone.now(),
        "pager": pager(request, window, count),
        "status": status,
        "statuses": [
            {"value": value, "label": label, "selected": value == status}
            for value, label in (("", gettext("Any status")), *DisputeStatus.choices)
        ],
    }
    return dashboard_page(request, "vendors/disputes.html", context)


@takes_files
@staff_only(ANSWER_DISPUTES)
@require_http_methods(["GET", "HEAD", "POST"])
def dispute_page(request: StaffRequest, dispute_id: UUID) -> HttpResponse:
    """Show a dispute, and take the shop's evidence."""
    part = or_404(get_shop_dispute, shop_id=request.shop.pk, dispute_id=dispute_id)
    offered = evidence_offers(dispute_id=dispute_id, shop_id=request.shop.pk)
    if request.method != "POST":
        return _page(request, part, EvidenceForm(offered=offered))
    form = EvidenceForm(request.POST, request.FILES, offered=offered)
    if form.is_valid():
        try:
            added = form.added_by(signed_in_user(request).pk)
            add_shop_evidence(shop_id=request.shop.pk, dispute_id=dispute_id, added=added, now=timezone.now())
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, gettext("Added. The market sends it to the bank with its answer."))
            return redirect("vendors:dispute", dispute_id=dispute_id)
    return _page(request, part, form, status=REFUSED)


@staff_only(ANSWER_DISPUTES)
@require_safe
def dispute_file(request: StaffRequest, dispute_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Send a file of the shop's own evidence."""
    piece = or_404(find_evidence, dispute_id=dispute_id, evidence_id=evidence_id, shop_id=request.shop.pk)
    return private_file_response(
        evidence_folder(dispute_id),
        piece.file,
        file_name=piece.file_name,
        content_type=piece.content_type,
        is_attachment=piece.content_type == PDF,
    )


def _page(request: StaffRequest, part: DisputePart, form: EvidenceForm, *, status: int = 200) -> HttpResponse:
    dispute = part.dispute
    offers = evidence_offers(dispute_id=dispute.pk, shop_id=request.shop.pk)
    context: dict[str, Any] = {
        "dispute": dispute,
        "part": part,
        "is_held_again": is_held_again(part),
        "is_answerable": dispute.is_answerable(timezone.now()) and not has_answer(dispute),
        "form": form,
        "offers": offers,
        "evidence": shop_evidence(shop_id=request.shop.pk, dispute_id=dispute.pk),
        "events": status_steps(dispute),
        "crumbs": [
            {"label": gettext("Disputes"), "url": reverse("vendors:disputes")},
            {"label": part.number},
        ],
    }
    return dashboard_page(request, "vendors/dispute.html", context, status=status)


def has_answer(dispute: Dispute) -> bool:
    """Return whether an answer is on its way or taken, by the steps of a dispute."""
    moves = [step["move"] for step in dispute.steps if step["move"] in {"answering", "accepting", "refused"}]
    return bool(moves) and moves[-1] != "refused"


def status_steps(dispute: Dispute) -> list[dict[str, Any]]:
    """Return the steps of a dispute as a shop sees them."""
    return [
        {"title": STEPS[step["move"]], "at": datetime.fromisoformat(step["at"])}
        for step in dispute.steps
        if step["move"] in STEPS
    ]
