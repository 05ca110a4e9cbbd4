"""Journals and their entries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum

from kit.errors import NotFoundError
from kit.text.matching import plain_identifier
from payouts.models import AccountKind, Entry, Journal
from payouts.selectors.accounts import account_label


@dataclass(frozen=True, slots=True)
class EntryView:
    """A line of a journal."""

    id: int
    account_id: int
    account_label: str
    shop_id: int | None
    shop_name: str
    shop_slug: str
    sub_order_id: UUID | None
    amount_minor: int
    currency: str

    @property
    def debit_minor(self) -> int | None:
        """Return the amount, where it debits the account."""
        return self.amount_minor if self.amount_minor > 0 else None

    @property
    def credit_minor(self) -> int | None:
        """Return the amount without its sign, where it credits the account."""
        return -self.amount_minor if self.amount_minor < 0 else None


def list_journals(
    *,
    kind: str = "",
    search: str = "",
    account_code: str = "",
    shop_id: int | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
) -> "QuerySet[Journal]":
    """Return journals with `amount_minor` and `currency`, newest first.

    Args:
        search: a payment's reference or a refund's id, or how it begins.
        account_code: only journals that move such an account; with a shop, that shop's.
        since: only what has occurred from then on.
        before: only what was posted until then.
    """
    journals = _with_amounts(Journal.objects.order_by("-id"))
    if kind:
        journals = journals.filter(kind=kind)
    if term := plain_identifier(search):
        journals = journals.filter(source__startswith=term)
    if since is not None:
        journals = journals.filter(occurred_at__gte=since)
    if before is not None:
        journals = journals.filter(posted_at__lt=before)
    moves = Q()
    if account_code:
        moves &= Q(account__code=account_code)
    if shop_id is not None:
        moves &= Q(account__shop_id=shop_id)
    return journals.filter(Exists(Entry.objects.filter(moves, journal_id=OuterRef("id")))) if moves else journals


def journals_of(*, sources: Collection[str]) -> list[Journal]:
    """Return the journals that these payments' references and refunds' ids caused, oldest first."""
    return list(_with_amounts(Journal.objects.filter(source__in=sources).order_by("id")))


def get_journal(*, journal_id: int) -> Journal:
    """Return one journal with its amount.

    Raises:
        NotFoundError: there is none.
    """
    journal = _with_amounts(Journal.objects.filter(id=journal_id)).first()
    if journal is None:
        raise NotFoundError
    return journal


def journal_entries(*, journal_id: int) -> list[EntryView]:
    """Return a journal's entries in the order they were written."""
    entries = Entry.objects.filter(journal_id=journal_id).select_related("account__shop").order_by("id")
    return [
        EntryView(
            id=entry.pk,
            account_id=entry.account_id,
            account_label=account_label(entry.account.code),
            shop_id=entry.account.shop_id,
            shop_name=entry.account.shop.name if entry.account.shop else "",
            shop_slug=entry.account.shop.slug if entry.account.shop else "",
            sub_order_id=entry.sub_order_id,
            amount_minor=entry.amount_minor,
            currency=entry.currency,
        )
        for entry in entries
    ]


def commission_earned(*, currency: str, since: datetime | None = None) -> int:
    """Return the commission that the platform has earned, from a moment on where given."""
    entries = Entry.objects.filter(account__code=AccountKind.COMMISSION, currency=currency)
    if since is not None:
        entries = entries.filter(journal__occurred_at__gte=since)
    return -int(entries.aggregate(total=Sum("amount_minor"))["total"] or 0)


def _with_amounts(journals: "QuerySet[Journal]") -> "QuerySet[Journal]":
    """Add a journal's amount: the sum of its debits."""
    entries = Entry.objects.filter(journal_id=OuterRef("id"))
    debits = entries.filter(amount_minor__gt=0).order_by().values("journal_id").annotate(total=Sum("amount_minor"))
    return journals.annotate(
        amount_minor=Subquery(debits.values("total")), currency=Subquery(entries.order_by("id").values("currency")[:1])
    )
