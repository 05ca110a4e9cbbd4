"""Checks of the market: their last results, what they have found, and running them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import signed_in_user
from console.access import operators_only
from console.filters import chosen, options
from console.paging import paginate
from console.selectors.audit_sentences import history_of
from console.selectors.finding_links import links_of
from console.services import checks as services
from console.views.reasons import given_reason
from kit.errors import DomainError
from kit.web.not_found import or_404
from payouts.watch.checks import CHECK_FAILED_ADVICE, THE_CHECK, find_watched, watched_checks
from payouts.watch.selectors import get_finding, last_rounds, list_checks, list_findings, round_under_way
from payouts.watch.subjects import subject_label


@operators_only
@require_safe
def check_list(request: HttpRequest) -> HttpResponse:
    """Show the findings, each check with its last run, and the round under way."""
    titles = [(check.name, check.title) for check in watched_checks()]
    check, is_ended = chosen(request, "check", titles), request.GET.get("ended") == "1"
    page, names = paginate(request, list_findings(check=check, is_ended=is_ended)), dict(titles)
    context = {
        "page": page,
        "findings": [
            (finding, subject_label(finding.subject), names.get(finding.check_name, finding.check_name))
            for finding in page.rows
        ],
        "checks": list_checks(now=timezone.now()),
        "options": options(titles, check, everything=gettext("Any check")),
        "check": check,
        "is_ended": is_ended,
        "progress": round_under_way(),
        "rounds": last_rounds(),
    }
    return render(request, "console/checks.html", context)


@operators_only
@require_POST
def checks_run(request: HttpRequest) -> HttpResponse:
    """Run all checks, or the quick ones."""
    try:
        services.run_checks(
            is_whole="quick" not in request.POST, actor_id=signed_in_user(request).pk, now=timezone.now()
        )
        messages.success(request, gettext("The checks have started. Load this page again to see their progress."))
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("console:checks")


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def finding_page(request: HttpRequest, finding_id: UUID) -> HttpResponse:
    """Show a finding with what it means and what to do, and record who works on it."""
    finding = or_404(get_finding, finding_id=finding_id)
    if request.method == "POST":
        if note := given_reason(request):
            services.acknowledge_finding(
                finding_id=finding_id, actor_id=signed_in_user(request).pk, note=note, now=timezone.now()
            )
            messages.success(request, gettext("Noted. Other operators see that you are working on it."))
        return redirect("console:check-finding", finding_id=finding_id)
    check, subject = find_watched(finding.check_name), subject_label(finding.subject)
    context = {
        "finding": finding,
        "subject": subject,
        "title": check.title if check else finding.check_name,
        "remedy": CHECK_FAILED_ADVICE if finding.subject == THE_CHECK else check.remedy if check else "",
        "links": links_of(check_name=finding.check_name, subject=finding.subject),
        "entries": history_of(subjects=[f"{services.FINDING}{finding.pk}"], limit=10),
        "crumbs": [{"label": gettext("Checks"), "url": reverse("console:checks")}, {"label": subject}],
    }
    return render(request, "console/finding.html", context)
