"""The shop's own domains: what to put into the DNS, whether it is there, and where the shop lives."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import signed_in_user
from kit.errors import ConflictError, DomainError, InvalidInputError, NotFoundError
from kit.text.labelled import labelled
from kit.web.hosts import host_url
from kit.web.not_found import or_404
from tenants.capabilities import MANAGE_DOMAINS
from tenants.hosts.domain_checks import check_claim
from tenants.hosts.domain_names import readable_host
from tenants.hosts.domains import MOST, claim_domain, make_primary, remove_domain
from tenants.hosts.selectors import ShopDomain, get_claim, list_shop_domains
from tenants.shops.addresses import shop_host
from vendors.access import StaffRequest, staff_only
from vendors.forms.domains import DomainForm
from vendors.views.dashboard_page import dashboard_page

REFUSED = 422


@staff_only(MANAGE_DOMAINS)
@require_http_methods(["GET", "HEAD", "POST"])
def domain_list(request: StaffRequest) -> HttpResponse:
    """List the shop's domains, and add one."""
    form = DomainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            claim = claim_domain(
                shop_id=request.shop.pk,
                host=form.cleaned_data["host"],
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
            )
        except (InvalidInputError, ConflictError) as error:
            form.add_error("host", error.message)
        else:
            messages.success(
                request, (gettext("%(host)s is in your list. Now put its record into the DNS.") % {"host": claim.host})
            )
            return redirect("vendors:domains")
    domains = [_row(domain) for domain in list_shop_domains(shop=request.shop)]
    context = {
        "form": form,
        "domains": domains,
        "is_full": len(domains) > MOST,
        "target": shop_host(request.shop.slug),
        "addresses": settings.PLATFORM_ADDRESSES,
    }
    return dashboard_page(request, "vendors/domains.html", context, status=REFUSED if form.errors else 200)


@staff_only(MANAGE_DOMAINS)
@require_POST
def domain_check(request: StaffRequest, claim_id: UUID) -> HttpResponse:
    """Look for a domain's record now."""
    try:
        claim = check_claim(
            shop_id=request.shop.pk, claim_id=claim_id, actor_id=signed_in_user(request).pk, now=timezone.now()
        )
    except DomainError as error:
        return _refused(request, error)
    if claim.problem:
        messages.error(request, labelled(claim.host, claim.get_problem_display()))
    else:
        messages.success(request, (gettext("We found the record: %(host)s leads to your shop.") % {"host": claim.host}))
    return redirect("vendors:domains")


@staff_only(MANAGE_DOMAINS)
@require_POST
def domain_primary(request: StaffRequest, claim_id: UUID) -> HttpResponse:
    """Have the shop live at a domain."""
    return _move(request, or_404(get_claim, shop_id=request.shop.pk, claim_id=claim_id).host)


@staff_only(MANAGE_DOMAINS)
@require_POST
def domain_home(request: StaffRequest) -> HttpResponse:
    """Have the shop live at its address on the market."""
    return _move(request, shop_host(request.shop.slug))


@staff_only(MANAGE_DOMAINS)
@require_http_methods(["GET", "HEAD", "POST"])
def domain_remove(request: StaffRequest, claim_id: UUID) -> HttpResponse:
    """Ask whether to remove a domain, and remove it."""
    claim = or_404(get_claim, shop_id=request.shop.pk, claim_id=claim_id)
    if request.method == "POST":
        try:
            host = remove_domain(
                shop_id=request.shop.pk, claim_id=claim_id, actor_id=signed_in_user(request).pk, now=timezone.now()
            )
        except DomainError as error:
            return _refused(request, error)
        messages.success(request, (gettext("%(host)s is no longer yours here.") % {"host": host}))
        # The host that was asked may be the one that is gone.
        return redirect(host_url(shop_host(request.shop.slug), reverse("vendors:domains")))
    context = {
        "claim": claim,
        "is_primary": request.shop.primary_host == claim.host,
        "target": shop_host(request.shop.slug),
        "crumbs": [{"label": gettext("Domains"), "url": reverse("vendors:domains")}, {"label": claim.host}],
    }
    return dashboard_page(request, "vendors/domain_remove.html", context)


def _move(request: StaffRequest, host: str) -> HttpResponse:
    try:
        make_primary(shop_id=request.shop.pk, host=host, actor_id=signed_in_user(request).pk, now=timezone.now())
    except DomainError as error:
        return _refused(request, error)
    messages.success(request, (gettext("Your shop is at %(host)s.") % {"host": host}))
    return redirect("vendors:domains")


def _row(domain: ShopDomain) -> dict[str, Any]:
    readable = readable_host(domain.host)
    return {
        "domain": domain,
        "claim": domain.claim,
        "readable": readable if readable != domain.host else "",
        "url": host_url(domain.host, "/dashboard/"),
    }


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    if isinstance(error, NotFoundError):
        raise Http404 from error
    messages.error(request, error.message)
    return redirect("vendors:domains")
