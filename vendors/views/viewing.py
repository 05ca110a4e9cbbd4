"""The way out for an operator who looks at a shop as its staff see it."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import is_operator, redirect_to_sign_in, signed_in_user
from kit.web.hosts import platform_url
from tenants.hosts.requests import ShopRequest
from tenants.staff.views_of_operators import end_view


@require_POST
def stop_viewing(request: ShopRequest) -> HttpResponse:
    """Take back the operator's permission to look, and lead back to the shop's page in the console.

    Raises:
        Http404: the caller is no operator.
    """
    if not request.user.is_authenticated:
        return redirect_to_sign_in(request)
    if not is_operator(request.user):
        raise Http404
    end_view(shop_id=request.shop.pk, user_id=signed_in_user(request).pk)
    page = reverse("console:shop", urlconf=settings.PUBLIC_SCHEMA_URLCONF, args=[request.shop.slug])
    return HttpResponseRedirect(platform_url(page))
