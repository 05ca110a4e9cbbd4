"""Documents that a page leads to, by part; nothing is issued before it is opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from checkout.documents.issuing import has_invoice
from checkout.models import Reversal, SubOrder
from kit.db.roles import as_platform


@dataclass(frozen=True, slots=True)
class OfferedDocuments:
    """Documents of a part: its invoice, and the places of its credit notes."""

    part: SubOrder
    credit_notes: Sequence[int]


def offered_documents(parts: Sequence[SubOrder]) -> list[OfferedDocuments]:
    """Return the documents of those of some parts that have an invoice."""
    sold = [part for part in parts if has_invoice(part)]
    credited = _credited([part for part in sold if part.refunded_minor])
    return [OfferedDocuments(part, range(1, credited.get(part.pk, 0) + 1)) for part in sold]


@as_platform()  # no shop's role reads reversals
def _credited(parts: Sequence[SubOrder]) -> Mapping[UUID, int]:
    if not parts:
        return {}
    counted = Reversal.objects.filter(sub_order__in=parts).order_by().values("sub_order_id")
    return dict(counted.annotate(count=Count("id")).values_list("sub_order_id", "count"))
