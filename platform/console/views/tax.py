"""Tax tables: the rates that registered shops charge, with their sources."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from catalogue.tax_classes import TaxClass
from checkout.pricing.shown import tax_label
from checkout.pricing.tax.registry import tax_rates
from checkout.taxing.registering import count_registered
from console.access import operators_only
from kit.deployment import unset_on_statements


@operators_only
@require_safe
def tax_tables(request: HttpRequest) -> HttpResponse:
    """Show each country's rates of today, where they come from, and how many shops charge them."""
    on, counts = timezone.now().date(), count_registered()
    rows: list[dict[str, Any]] = [
        {
            "table": table,
            "number": settings.COMMISSION_TAX_NUMBERS.get(table.country, ""),
            "shops": counts.get(table.country, 0),
            "since": period.starts_on if (period := table.period(on)) else None,
            "classes": [
                (
                    tax_class.label,
                    [tax_label(rate.label) for rate in table.rates(tax_class=tax_class, subdivision="", on=on)],
                )
                for tax_class in TaxClass
            ],
        }
        for table in tax_rates().tables()
    ]
    without = sorted(settings.COMMISSION_TAX_NUMBERS.keys() - {row["table"].country for row in rows})
    values = {name: getattr(settings, name) for name in dir(settings) if name.isupper()}
    context = {"rows": rows, "without": without, "missing": unset_on_statements(values)}
    return render(request, "console/tax_tables.html", context)
