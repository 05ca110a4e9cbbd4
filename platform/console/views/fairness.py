"""Load of shops on each other: bulk jobs, requests, and their limits."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import signed_in_user
from console.access import operators_only
from console.filters import chosen, options, typed
from console.forms.actions import ReasonForm
from console.paging import paginate
from console.selectors.audit_sentences import history_of
from console.selectors.bulk import busy_shops, list_bulk_jobs, shops_by_id
from console.services.fairness import cancel_bulk_job, change_rate_limit, limit_version, retry_bulk_job
from kit.errors import DomainError, NotFoundError
from kit.models import BulkState
from kit.web.not_found import or_404
from kit.web.versions import CONFLICT, ChangedMeanwhileError, sent_version, show_what_is_saved, shown_version
from tenants.hosts.limits import limit_of
from tenants.hosts.request_counts import traffic_of
from tenants.models import Shop
from tenants.shops.profile import LEAST_REQUESTS, MOST_REQUESTS
from tenants.shops.selectors import get_shop_by_slug

SAY_WHY = gettext_lazy("Give a reason of at least five characters.")
ACTIONS = {
    "cancel": (cancel_bulk_job, gettext_lazy("The job is stopped.")),
    "retry": (retry_bulk_job, gettext_lazy("The job goes on where it stopped.")),
}


class LimitForm(ReasonForm):
    """A shop's own limit, and why."""

    requests_per_minute = forms.IntegerField(
        label=gettext_lazy("Requests a minute"),
        required=False,
        min_value=LEAST_REQUESTS,
        max_value=MOST_REQUESTS,
        help_text=gettext_lazy("Leave it empty for the limit that all shops have."),
    )
    field_order = ("requests_per_minute", "reason")


@operators_only
@require_safe
def bulk_jobs(request: HttpRequest) -> HttpResponse:
    """List bulk jobs by state and shop."""
    state, slug = chosen(request, "state", BulkState.choices), typed(request, "shop")
    shop_id = _shop_id(slug) if slug else None
    page = paginate(request, list_bulk_jobs(state=state, shop_id=shop_id))
    shops = shops_by_id([job.shop_id for job in page.rows])
    context = {
        "page": page,
        "rows": [{"job": job, "shop": shops.get(job.shop_id or 0)} for job in page.rows],
        "states": options(BulkState.choices, state, everything=gettext("Any state")),
        "search": slug,
        "is_filtered": bool(state or slug),
    }
    return render(request, "console/bulk_jobs.html", context)


@operators_only
@require_safe
def bulk_job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Show one bulk job."""
    job = list_bulk_jobs().filter(pk=job_id).first()
    if job is None:
        raise Http404
    context = {
        "job": job,
        "shop_row": shops_by_id([job.shop_id]).get(job.shop_id or 0),
        "form": ReasonForm(),
        "action": "retry" if job.state == BulkState.FAILED else "cancel" if job.is_open else "",
        "entries": history_of(subjects=[f"bulk:{job.pk}"]),
        "crumbs": [{"label": gettext("Bulk jobs"), "url": reverse("console:bulk-jobs")}, {"label": job.kind}],
    }
    return render(request, "console/bulk_job.html", context)


@operators_only
@require_POST
def bulk_job_act(request: HttpRequest, job_id: UUID, action: str) -> HttpResponse:
    """Stop a job or resume it, with a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, SAY_WHY)
        return redirect("console:bulk-job", job_id=job_id)
    act, done = ACTIONS[action]
    try:
        act(
            job_id=job_id,
            actor_id=signed_in_user(request).pk,
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
        messages.success(request, done)
    except NotFoundError as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("console:bulk-job", job_id=job_id)


@operators_only
@require_safe
def traffic(request: HttpRequest) -> HttpResponse:
    """Show the shops with the most requests of the last hour, and the refused callers."""
    rows = [{"busy": busy, "limit": limit_of(busy.shop)} for busy in busy_shops()]
    return render(request, "console/traffic.html", {"rows": rows})


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def shop_limit(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a shop's limit and change it, with a reason."""
    shop = or_404(get_shop_by_slug, slug)
    form = LimitForm(request.POST or None, initial={"requests_per_minute": shop.rate_limit_per_minute})
    version, status = shown_version(request, limit_version(shop)), 400 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            change_rate_limit(
                shop_id=shop.pk,
                requests_per_minute=form.cleaned_data["requests_per_minute"],
                actor_id=signed_in_user(request).pk,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
                seen=sent_version(request),
            )
        except ChangedMeanwhileError as error:
            shop, status = get_shop_by_slug(slug), CONFLICT
            version = limit_version(shop)
            show_what_is_saved(form, error, saved={"requests_per_minute": shop.rate_limit_per_minute})
        else:
            messages.success(request, (gettext("The limit of %(shop)s is changed, from now on.") % {"shop": shop.name}))
            return redirect("console:shop-limit", slug=slug)
    return _limit_page(request, shop, form, version=version, status=status)


def _limit_page(request: HttpRequest, shop: Shop, form: LimitForm, *, version: str, status: int) -> HttpResponse:
    context = {
        "version": version,
        "shop_row": shop,
        "form": form,
        "limit": limit_of(shop),
        "traffic": traffic_of(shop_id=shop.pk),
        "entries": history_of(subjects=[f"shop:{shop.slug}"], action="limit"),
        "crumbs": [{"label": gettext("Traffic"), "url": reverse("console:traffic")}, {"label": shop.name}],
    }
    return render(request, "console/shop_limit.html", context, status=status)


def _shop_id(slug: str) -> int:
    try:
        return int(get_shop_by_slug(slug).pk)
    except NotFoundError:
        return -1
