"""Evidence of orders for a dispute: what the order's own records say, ready to be taken, and what people add."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from checkout.fulfilment.status import PartStatus
from checkout.models import MessageSide, OrderMessage, Payment, SubOrder
from gateway.disputes import DisputeEvidence as SaleEvidence
from kit.db.roles import as_platform
from kit.errors import Fault, InvalidInputError
from kit.text.address_forms import postal_lines
from payouts.disputes.evidence import Statement, add_evidence
from payouts.disputes.selectors import get_dispute, get_shop_dispute
from payouts.models import Dispute, DisputeEvidence, DisputePart
from payouts.models.disputes import LONGEST_STATEMENT

LAST_MESSAGES = 20
LONGEST_MESSAGE = 300


@dataclass(frozen=True, slots=True)
class EvidenceOffer:
    """A text of an order's own records that can be taken as evidence."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Added:
    """Evidence as a person adds it.

    Args:
        offers: keys of offered texts that are put behind their own.
        upload: with the name that its owner gave it.
    """

    author_id: int
    text: str = ""
    offers: Collection[str] = ()
    upload: BinaryIO | None = None
    file_name: str = ""


def add_shop_evidence(*, shop_id: int, dispute_id: UUID, added: Added, now: datetime) -> DisputeEvidence:
    """Add a shop's evidence to a dispute that waits for an answer.

    Raises:
        as `payouts.disputes.evidence.add_evidence`, and InvalidInputError for an offer that there is not.
    """
    return _add(dispute_id, shop_id, added, now)


def add_market_evidence(*, dispute_id: UUID, added: Added, now: datetime) -> DisputeEvidence:
    """Add the market's own evidence to a dispute that waits for an answer; raises as `add_shop_evidence`."""
    return _add(dispute_id, None, added, now)


@as_platform()  # orders and messages are the buyer's too
def evidence_offers(*, dispute_id: UUID, shop_id: int | None = None) -> list[EvidenceOffer]:
    """Return the texts that the orders of a dispute offer: tracking and messages of each part, or of a shop's.

    Raises:
        NotFoundError: there is no such dispute, or the shop has no part in it.
    """
    if shop_id is None:
        parts: Sequence[DisputePart] = list(get_dispute(dispute_id=dispute_id).parts.all())
    else:
        parts = [get_shop_dispute(shop_id=shop_id, dispute_id=dispute_id)]
    found = SubOrder.objects.select_related("order", "shop").filter(pk__in=[part.sub_order_id for part in parts])
    return [offer for part in found.order_by("pk") for offer in _offers(part)]


def statement_of(*, dispute_id: UUID) -> str:
    """Return the text that an operator begins with: what shops and the market have written, else the tracking."""
    dispute = get_dispute(dispute_id=dispute_id)
    texts = [piece.text for piece in dispute.evidence.all() if piece.text]
    if not texts:
        texts = [offer.text for offer in evidence_offers(dispute_id=dispute_id) if offer.key.startswith("tracking:")]
    return "\n\n".join(texts)[:LONGEST_STATEMENT]


def sale_evidence(dispute: Dispute, *, statement: str) -> SaleEvidence:
    """Return the facts of the sale for a provider: the buyer, the address, the day of delivery, and our statement."""
    order = Payment.objects.select_related("order").get(pk=dispute.payment_id).order
    address = order.shipping_address
    return SaleEvidence(
        dispute_id=dispute.provider_id,
        customer_email=order.email,
        customer_name=str(address.get("name") or order.email),
        customer_phone=str(address.get("phone") or "-"),
        service_details=statement,
        delivery_address=", ".join(postal_lines(address)),
        delivered_on=_delivered_on(dispute),
    )


def _add(dispute_id: UUID, shop_id: int | None, added: Added, now: datetime) -> DisputeEvidence:
    taken = _taken(dispute_id, shop_id, added.offers)
    text = "\n\n".join(filter(None, (added.text.strip(), *taken)))[:LONGEST_STATEMENT]
    statement = Statement(shop_id, added.author_id, text, added.upload, added.file_name)
    return add_evidence(dispute_id=dispute_id, statement=statement, now=now)


def _taken(dispute_id: UUID, shop_id: int | None, keys: Collection[str]) -> list[str]:
    if not keys:
        return []
    offered = {offer.key: offer.text for offer in evidence_offers(dispute_id=dispute_id, shop_id=shop_id)}
    if unknown := [key for key in keys if key not in offered]:
        message = gettext("This order has no such text: %(key)s.") % {"key": unknown[0][:60]}
        raise InvalidInputError(message, details={"offers": [Fault(message, "unknown_offer")]})
    return [offered[key] for key in keys]


def _offers(part: SubOrder) -> Iterator[EvidenceOffer]:
    names = {"number": part.number, "shop": part.shop.name}
    if parcels := list(_parcels(part)):
        title = gettext("Parcels of %(number)s and where they went") % names
        lines = [*parcels, ", ".join(postal_lines(part.goes_to(part.order)))]
        yield EvidenceOffer(f"tracking:{part.pk}", title, "\n".join(lines))
    messages = OrderMessage.objects.filter(sub_order=part, forgotten_at__isnull=True).order_by("-id")[:LAST_MESSAGES]
    if lines := [_said(message) for message in reversed(messages)]:
        yield EvidenceOffer(
            f"messages:{part.pk}", gettext("Messages about %(number)s") % names, "\n".join(lines)[:LONGEST_STATEMENT]
        )


def _parcels(part: SubOrder) -> Iterator[str]:
    for parcel in part.sent_parcels:
        said = {
            "number": parcel.number,
            "tracking": parcel.tracking or gettext("no tracking number"),
            "sent": _day(parcel.shipped_at),
            "arrived": _day(parcel.delivered_at) if parcel.delivered_at else "",
        }
        if parcel.delivered_at:
            yield gettext("Parcel %(number)s (%(tracking)s): sent on %(sent)s, arrived on %(arrived)s.") % said
        else:
            yield gettext("Parcel %(number)s (%(tracking)s): sent on %(sent)s.") % said


def _said(message: OrderMessage) -> str:
    side = MessageSide(message.side).label
    return f"{_day(message.created_at)} {side}: {message.text[:LONGEST_MESSAGE]}"


def _delivered_on(dispute: Dispute) -> date | None:
    ids = list(dispute.parts.values_list("sub_order_id", flat=True))
    times = [part.times.get(PartStatus.DELIVERED) for part in SubOrder.objects.filter(pk__in=ids)]
    known = [at for at in times if at is not None]
    return timezone.localdate(max(known)) if known and len(known) == len(times) else None


def _day(at: datetime) -> str:
    return date_format(timezone.localtime(at), "DATE_FORMAT")
