"""The ledger: the trial balance, journals and their entries."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, Self

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from checkout.orders.operations import order_number_of
from console.access import operators_only
from console.filters import PERIODS, chosen, day_in, end_of, options, since, typed
from console.paging import paginate
from console.selectors.shops import shop_id_of
from kit.web.not_found import or_404
from payouts.models import JournalKind
from payouts.selectors import account_choices, account_totals, get_journal, journal_entries, list_journals

REFUSED = 422


@dataclass(frozen=True, slots=True)
class AsOf:
    """Day at whose end the ledger is shown; without one it is shown as it is now.

    Args:
        typed: the text of the filter.
        before: the end of the day; None for today, which has not ended.
    """

    typed: str = ""
    day: date | None = None
    before: datetime | None = None
    error: str = ""

    @classmethod
    def of(cls, request: HttpRequest, *, now: datetime) -> Self:
        """Return the day that an address asks for."""
        text, day, today = typed(request, "as_of"), day_in(request, "as_of"), timezone.localdate(now)
        if text and day is None:
            return cls(text, error=gettext("This is not a date. Write it as %(today)s.") % {"today": today.isoformat()})
        if day is not None and day > today:
            return cls(text, day, error=gettext("This date is in the future. Choose today or an earlier day."))
        return cls(text, day, before=end_of(day) if day is not None and day < today else None)


@operators_only
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the sum of each kind of account, now or at the end of a day; all of them together sum to zero."""
    now = timezone.now()
    as_of = AsOf.of(request, now=now)
    currencies = [] if as_of.error else _trial_balance(before=as_of.before)
    context = {"currencies": currencies, "as_of": as_of, "now": now}
    return render(request, "console/ledger.html", context, status=REFUSED if as_of.error else 200)


@operators_only
@require_safe
def journal_list(request: HttpRequest) -> HttpResponse:
    """List journals, newest first."""
    accounts = account_choices()
    kind = chosen(request, "kind", JournalKind.choices)
    account = chosen(request, "account", accounts)
    search, slug = typed(request, "q"), typed(request, "shop")
    days, now = chosen(request, "days", PERIODS), timezone.now()
    as_of = AsOf.of(request, now=now)
    journals = list_journals(
        kind=kind,
        search=search,
        account_code=account,
        shop_id=shop_id_of(slug),
        since=since(days, as_of.before or now),
        before=as_of.before,
    )
    context = {
        "page": paginate(request, journals.none() if as_of.error else journals),
        "as_of": as_of,
        "search": search,
        "shop_slug": slug,
        "kinds": options(JournalKind.choices, kind, everything=gettext("Any kind")),
        "accounts": options(accounts, account, everything=gettext("Any account")),
        "periods": options(PERIODS, days, everything=gettext("Any time")),
        "is_filtered": bool(kind or account or search or slug or days or as_of.typed),
        "crumbs": [{"label": gettext("Ledger"), "url": reverse("console:ledger")}, {"label": gettext("Journals")}],
    }
    return render(request, "console/journals.html", context, status=REFUSED if as_of.error else 200)


@operators_only
@require_safe
def journal_page(request: HttpRequest, journal_id: int) -> HttpResponse:
    """Show a journal's entries."""
    journal = or_404(get_journal, journal_id=journal_id)
    entries = journal_entries(journal_id=journal_id)
    context = {
        "journal": journal,
        "entries": entries,
        "debit_minor": sum(entry.debit_minor or 0 for entry in entries),
        "credit_minor": sum(entry.credit_minor or 0 for entry in entries),
        "order_number": order_number_of(kind=journal.kind, source=journal.source),
        "crumbs": [
            {"label": gettext("Ledger"), "url": reverse("console:ledger")},
            {"label": gettext("Journals"), "url": reverse("console:ledger-journals")},
            {"label": (gettext("Journal %(pk)s") % {"pk": journal.pk})},
        ],
    }
    return render(request, "console/journal.html", context)


def _trial_balance(*, before: datetime | None) -> list[dict[str, Any]]:
    found = []
    for currency, group in groupby(account_totals(before=before), key=lambda total: total.currency):
        totals = list(group)
        found.append(
            {
                "currency": currency,
                "totals": totals,
                "debit_minor": sum(total.debit_minor for total in totals),
                "credit_minor": sum(total.credit_minor for total in totals),
                "difference_minor": sum(total.amount_minor for total in totals),
            }
        )
    return found
