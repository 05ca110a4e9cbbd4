"""Looking at a shop as its staff see it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.access import signed_in_user
from console.access import operators_only
from console.services.shop_views import view_shop
from console.views.reasons import given_reason
from kit.web.not_found import or_404
from tenants.shops.addresses import shop_url
from tenants.shops.selectors import get_shop_by_slug


@operators_only
@require_POST
def shop_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the reason into the audit log, and lead to the shop's dashboard."""
    shop = or_404(get_shop_by_slug, slug)
    reason = given_reason(request)
    if not reason:
        return redirect("console:shop", slug=slug)
    view_shop(shop=shop, actor_id=signed_in_user(request).pk, reason=reason, now=timezone.now())
    return redirect(shop_url(shop, "/dashboard/"))
