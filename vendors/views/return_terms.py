"""The days within which the shop takes units back."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.access import signed_in_user
from checkout.returning.keep_terms import set_return_terms
from checkout.returning.windows import market_days, terms_of_shop
from kit.errors import DomainError
from tenants.capabilities import MANAGE_PROFILE
from vendors.access import StaffRequest, staff_only
from vendors.forms.returns import ReturnTermsForm
from vendors.views.settings import saved, settings_page


@staff_only(MANAGE_PROFILE)
@require_http_methods(["GET", "HEAD", "POST"])
def return_terms(request: StaffRequest) -> HttpResponse:
    """Change the days for returns, in all and by category."""
    terms, usual = terms_of_shop(shop_id=request.shop.pk), market_days() or 0
    form = ReturnTermsForm(request.POST or None, initial=ReturnTermsForm.initial_from(terms), market_days=usual)
    if request.method == "POST" and form.is_valid():
        try:
            set_return_terms(
                shop_id=request.shop.pk,
                days=form.cleaned_data["days"],
                categories=form.days_by_category(terms.categories if terms else {}),
                actor_id=signed_in_user(request).pk,
                now=timezone.now(),
            )
            return saved(request, gettext("Your days for returns are saved."), "vendors:settings-returns")
        except DomainError as error:
            form.add_error(None, error.message)
    return settings_page(request, "vendors/settings_returns.html", {"form": form, "market_days": usual})
