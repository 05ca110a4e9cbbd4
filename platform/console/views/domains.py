"""Taking a domain off a shop."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in_user
from console.access import operators_only
from console.forms.actions import ReasonForm
from console.services.domains import remove_shop_domain
from kit.errors import NotFoundError
from kit.web.not_found import or_404
from tenants.hosts.selectors import get_claim
from tenants.shops.selectors import get_shop_by_slug


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def shop_domain_remove(request: HttpRequest, slug: str, claim_id: UUID) -> HttpResponse:
    """Ask for a reason, then remove a domain from a shop."""
    shop = or_404(get_shop_by_slug, slug)
    claim = or_404(get_claim, shop_id=shop.pk, claim_id=claim_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            host = remove_shop_domain(
                shop=shop,
                claim_id=claim_id,
                actor_id=signed_in_user(request).pk,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except NotFoundError as error:
            raise Http404 from error
        messages.success(
            request, (gettext("%(host)s no longer leads to %(shop)s.") % {"host": host, "shop": shop.name})
        )
        return redirect("console:shop", slug=slug)
    context = {
        "shop_row": shop,
        "claim": claim,
        "form": form,
        "crumbs": [
            {"label": gettext("Shops"), "url": reverse("console:shops")},
            {"label": shop.name, "url": reverse("console:shop", args=[slug])},
            {"label": claim.host},
        ],
    }
    return render(request, "console/shop_domain_remove.html", context, status=400 if form.errors else 200)
