"""Journals and their entries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum

from payouts.models import AccountKind, Entry, Journal, JournalKind


@dataclass(frozen=True, slots=True)
class JournalView:
    """A journal with the amount that it moved."""

    id: int
    kind: str
    label: str
    source: str
    description: str
    occurred_at: datetime
    posted_at: datetime
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """A line of a journal."""

    id: int
    account_id: int
    account_kind: str
    account_label: str
    shop_id: int | None
    sub_order_id: UUID | None
    amount_minor: int
    currency: str

    @property
    def debit_minor(self) -> int | None:
        """The amount, where it debits the account."""
        return self.amount_minor if self.amount_minor > 0 else None

    @property
    def credit_minor(self) -> int | None:
        """The amount without its sign, where it credits the account."""
        return -self.amount_minor if self.amount_minor < 0 else None


@dataclass(frozen=True, slots=True)
class JournalFilters:
    """What to look for; empty means everything.

    Args:
        search: a payment reference or a refund's id, or how it begins.
        account_kind: journals that move such an account.
        before_id: the last journal of the page before this one.
    """

    kind: str = ""
    search: str = ""
    account_kind: str = ""
    account_id: int | None = None
    shop_id: int | None = None
    before_id: int | None = None


def list_journals(*, filters: JournalFilters, limit: int) -> list[JournalView]:
    """Return journals, newest first."""
    journals = Journal.objects.all()
    if filters.kind:
        journals = journals.filter(kind=filters.kind)
    if filters.search:
        journals = journals.filter(source__startswith=filters.search)
    if filters.before_id is not None:
        journals = journals.filter(id__lt=filters.before_id)
    moves = Q()
    if filters.account_kind:
        moves &= Q(account__kind=filters.account_kind)
    if filters.account_id is not None:
        moves &= Q(account_id=filters.account_id)
    if filters.shop_id is not None:
        moves &= Q(account__shop_id=filters.shop_id)
    if moves:
        journals = journals.filter(Exists(Entry.objects.filter(moves, journal_id=OuterRef("id"))))
    return _views(journals.order_by("-id")[:limit])


def journals_of(*, sources: Collection[str]) -> list[JournalView]:
    """Return the journals that these payments' references and refunds' ids caused, oldest first."""
    return _views(Journal.objects.filter(source__in=sources).order_by("id"))


def get_journal(*, journal_id: int) -> JournalView | None:
    """Return one journal."""
    return next(iter(_views(Journal.objects.filter(id=journal_id))), None)


def journal_entries(*, journal_id: int) -> list[EntryView]:
    """Return a journal's entries in the order they were written."""
    entries = Entry.objects.filter(journal_id=journal_id).select_related("account").order_by("id")
    return [
        EntryView(
            id=entry.pk,
            account_id=entry.account_id,
            account_kind=entry.account.kind,
            account_label=AccountKind(entry.account.kind).label,
            shop_id=entry.account.shop_id,
            sub_order_id=entry.sub_order_id,
            amount_minor=entry.amount_minor,
            currency=entry.currency,
        )
        for entry in entries
    ]


def commission_earned(*, currency: str, since: datetime | None = None) -> int:
    """Return what the platform has kept, from a moment on where given."""
    entries = Entry.objects.filter(account__kind=AccountKind.COMMISSION, currency=currency)
    if since is not None:
        entries = entries.filter(journal__occurred_at__gte=since)
    return -int(entries.aggregate(total=Sum("amount_minor"))["total"] or 0)


def _views(journals: QuerySet[Journal]) -> list[JournalView]:
    debits = Entry.objects.filter(journal_id=OuterRef("id"), amount_minor__gt=0).order_by().values("journal_id")
    rows = journals.annotate(
        amount_minor=Subquery(debits.annotate(total=Sum("amount_minor")).values("total")),
        entry_currency=Subquery(Entry.objects.filter(journal_id=OuterRef("id")).order_by("id").values("currency")[:1]),
    )
    return [
        JournalView(
            id=journal.pk,
            kind=journal.kind,
            label=JournalKind(journal.kind).label,
            source=journal.source,
            description=journal.description,
            occurred_at=journal.occurred_at,
            posted_at=journal.posted_at,
            amount_minor=int(journal.amount_minor or 0),
            currency=journal.entry_currency or "",
        )
        for journal in rows
    ]
