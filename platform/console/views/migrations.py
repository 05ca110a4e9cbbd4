"""Shops' schemas against the code: how many are up to date, and which are not, and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from console.access import operators_only
from tenants.schemas.migrations import shops_state
from tenants.shops.selectors import list_migration_failures

ROWS = 50


@operators_only
@require_safe
def migration_list(request: HttpRequest) -> HttpResponse:
    """Show the shops that are behind or have lost their schema, those that failed first."""
    state = shops_state()
    unwell = [shop for shop in state.shops if shop.pending or shop.is_missing]
    shown = sorted(unwell, key=lambda shop: (-shop.failed_attempts, shop.shop_id))[:ROWS]
    failures = {
        failure.shop_id: failure
        for failure in list_migration_failures().filter(pk__in=[shop.shop_id for shop in shown])
    }
    context = {
        "total": state.total,
        "current": state.total - len(unwell),
        "outdated": len(state.outdated),
        "missing": len(state.missing),
        "rows": [{"shop": shop, "failure": failures.get(shop.shop_id)} for shop in shown],
        "hidden": len(unwell) - len(shown),
    }
    return render(request, "console/migrations.html", context)
