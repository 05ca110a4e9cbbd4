"""The ledger in a shop's archive: written to it and compared with it, never restored from it."""

from collections import Counter

from django.db.models import Sum
from django.utils.translation import gettext

from payouts.models import Entry
from tenants.archives.parts import Rows

SHOWN = 5
LEDGER = """
SELECT e.id, j.id AS journal_id, j.kind, j.source, j.description, j.occurred_at, j.posted_at,
       a.code AS account, e.currency, e.amount_minor, e.sub_order_id
  FROM public.payouts_entry e
  JOIN public.payouts_account a ON a.id = e.account_id
  JOIN public.payouts_journal j ON j.id = e.journal_id
 WHERE a.shop_id = {shop_id} ORDER BY e.id
"""
BANK_ACCOUNTS = """
SELECT currency, bank_name, repeat('•', length(number) - 4) || right(number, 4) AS number, holder_name,
       verified_at, is_current, replaced_at
  FROM public.payouts_bankaccount WHERE shop_id = {shop_id} ORDER BY id
"""
PAYOUTS = """
SELECT id, currency, amount_minor, netted_minor, cost_minor, is_cost_back, status, status_at, created_at
  FROM public.payouts_payout WHERE shop_id = {shop_id} ORDER BY id
"""

RELEASES = """
SELECT s.number, s.currency, s.delivered_at, s.hold_days, s.due_at, s.released_at, s.journal_id,
       r.amount_minor AS reserved_minor, r.taken_minor, r.due_at AS reserve_due_at, r.ended_at AS reserve_ended_at,
       (SELECT string_agg(h.reason || ' since ' || h.opened_at, '; ' ORDER BY h.id)
          FROM public.payouts_releasehold h
         WHERE h.schedule_id = s.sub_order_id AND h.closed_at IS NULL) AS holds
  FROM public.payouts_releaseschedule s
  LEFT JOIN public.payouts_reserve r ON r.schedule_id = s.sub_order_id
 WHERE s.shop_id = {shop_id} ORDER BY s.sub_order_id
"""


def compare_ledger(shop_id: int, archived: Rows) -> list[str]:
    """Return the differences between the ledger and the archive; the ledger is right."""
    before, sums = set(), Counter[str]()
    for row in archived:
        before.add(int(row["id"]))
        sums[row["currency"]] -= int(row["amount_minor"])
    entries = Entry.objects.filter(account__shop_id=shop_id)
    now = set(entries.values_list("id", flat=True))
    owed = {row["currency"]: -row["total"] for row in entries.values("currency").annotate(total=Sum("amount_minor"))}
    said = []
    if newer := now - before:
        changes = ", ".join(
            (
                gettext("%(sums)s then, %(owed)s now (%(code)s, minor units)")
                % {"sums": sums[code], "owed": owed[code], "code": code}
            )
            for code in sorted(owed)
        )
        said.append(
            gettext("Ledger entries since the archive: %(newer)s. Owed to the shop: %(changes)s.")
            % {"newer": len(newer), "changes": changes}
        )
    if gone := before - now:
        said.append(
            gettext("The archive has %(gone)s ledger entries that this ledger does not know: look into it.")
            % {"gone": len(gone)}
        )
    return said
