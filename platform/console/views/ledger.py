"""The ledger: the trial balance, journals and their entries."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from checkout.orders.operations import order_number_of
from console.access import operators_only
from console.filters import PERIODS, chosen, options, since, typed
from console.paging import paginate
from console.selectors.shops import shop_id_of
from kit.web.not_found import or_404
from payouts.models import JournalKind
from payouts.selectors import account_choices, account_totals, get_journal, journal_entries, list_journals


@operators_only
def ledger(request: HttpRequest) -> HttpResponse:
    """Show the sum of each kind of account; all of them together sum to zero."""
    return render(request, "console/ledger.html", {"currencies": _trial_balance()})


@operators_only
def journal_list(request: HttpRequest) -> HttpResponse:
    """List journals, newest first."""
    accounts = account_choices()
    kind = chosen(request, "kind", JournalKind.choices)
    account = chosen(request, "account", accounts)
    search, slug = typed(request, "q"), typed(request, "shop")
    days = chosen(request, "days", PERIODS)
    journals = list_journals(
        kind=kind,
        search=search,
        account_code=account,
        shop_id=shop_id_of(slug),
        since=since(days, timezone.now()),
    )
    context = {
        "page": paginate(request, journals),
        "search": search,
        "shop_slug": slug,
        "kinds": options(JournalKind.choices, kind, everything=gettext("Any kind")),
        "accounts": options(accounts, account, everything=gettext("Any account")),
        "periods": options(PERIODS, days, everything=gettext("Any time")),
        "is_filtered": bool(kind or account or search or slug or days),
        "crumbs": [{"label": gettext("Ledger"), "url": reverse("console:ledger")}, {"label": gettext("Journals")}],
    }
    return render(request, "console/journals.html", context)


@operators_only
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


def _trial_balance() -> list[dict[str, Any]]:
    found = []
    for currency, group in groupby(account_totals(), key=lambda total: total.currency):
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
