"""Reads of disputes, for operators and for shops."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Sum

from kit.db.keyset import Slice, read_slice
from kit.db.roles import as_platform
from kit.errors import NotFoundError
from payouts.models import UNDECIDED, Dispute, DisputeAnswer, DisputeEvidence, DisputePart, DisputeSetOff, DisputeStatus


@dataclass(frozen=True, slots=True)
class DisputeCounts:
    """Numbers of disputes: all, undecided, lost."""

    all: int = 0
    undecided: int = 0
    lost: int = 0


@dataclass(frozen=True, slots=True)
class HeldOfPart:
    """The buyer's amount that undecided disputes hold of a sub-order, and the shop's money in it."""

    amount_minor: int = 0
    payable_minor: int = 0


def list_disputes(*, status: str = "", category: str = "", shop_id: int | None = None) -> "QuerySet[Dispute]":
    """Return disputes with their parts, the newest first."""
    found = Dispute.objects.all()
    if status:
        found = found.filter(status=status)
    if category:
        found = found.filter(category=category)
    if shop_id is not None:
        found = found.filter(parts__shop_id=shop_id)
    return found.prefetch_related(_parts(), _set_offs()).order_by("-id")


def get_dispute(*, dispute_id: UUID) -> Dispute:
    """Return a dispute with its parts, evidence and answers.

    Raises:
        NotFoundError: there is none.
    """
    evidence = Prefetch("evidence", DisputeEvidence.objects.select_related("shop", "author").order_by("id"))
    answers = Prefetch("answers", DisputeAnswer.objects.select_related("answered_by", "evidence").order_by("id"))
    found = Dispute.objects.prefetch_related(_parts(), _set_offs(), evidence, answers).filter(pk=dispute_id).first()
    if found is None:
        raise NotFoundError
    return found


@as_platform()  # disputes are the market's; a shop may know its own part of them
def read_shop_disputes(*, shop_id: int, status: str = "", cursor: str, size: int) -> Slice[DisputePart]:
    """Return some of a shop's parts of disputes, the newest first.

    Raises:
        InvalidInputError: the cursor is not one of this list.
    """
    found = DisputePart.objects.filter(shop_id=shop_id).select_related("dispute")
    return read_slice(found.filter(dispute__status=status) if status else found, cursor=cursor, size=size)


@as_platform()
def shop_dispute_page(*, shop_id: int, status: str, offset: int, limit: int) -> tuple[list[DisputePart], int]:
    """Return some of a shop's parts of disputes, the newest first, and how many there are in all."""
    found = DisputePart.objects.filter(shop_id=shop_id)
    if status:
        found = found.filter(dispute__status=status)
    rows = found.select_related("dispute").order_by("-dispute_id")[offset : offset + limit]
    return list(rows), found.count()


@as_platform()
def get_shop_dispute(*, shop_id: int, dispute_id: UUID) -> DisputePart:
    """Return a shop's part of a dispute.

    Raises:
        NotFoundError: there is none, or it is another shop's.
    """
    found = DisputePart.objects.select_related("dispute").filter(shop_id=shop_id, dispute_id=dispute_id).first()
    if found is None:
        raise NotFoundError
    return found


@as_platform()
def shop_evidence(*, shop_id: int, dispute_id: UUID) -> list[DisputeEvidence]:
    """Return a shop's own evidence in a dispute, the oldest first."""
    found = DisputeEvidence.objects.filter(shop_id=shop_id, dispute_id=dispute_id)
    return list(found.select_related("author").order_by("id"))


def disputes_of_payments(*, payment_ids: Collection[UUID]) -> DisputeCounts:
    """Return the numbers of disputes of some payments."""
    return _counts(Dispute.objects.filter(payment_id__in=list(payment_ids)).aggregate(**_numbers()))


def disputes_by_shop(*, shop_ids: Collection[int]) -> dict[int, DisputeCounts]:
    """Return the numbers of disputes of some shops, in one statement; shops without any are left out."""
    numbers = _numbers(prefix="dispute__")
    found = DisputePart.objects.filter(shop_id__in=list(shop_ids)).values("shop_id").annotate(**numbers)
    return {row["shop_id"]: _counts(row) for row in found.order_by("shop_id")}


def undecided_disputes(*, payment_id: OuterRef) -> "QuerySet[Dispute]":
    """Return the undecided disputes of the payment of an outer query."""
    return Dispute.objects.filter(payment_id=payment_id, status__in=UNDECIDED)


def has_undecided(*, payment_ids: Collection[UUID]) -> bool:
    """Return whether one of some payments is disputed; their order is locked by who decides by it."""
    return Dispute.objects.filter(payment_id__in=list(payment_ids), status__in=UNDECIDED).exists()


def disputed_minor(*, payment_id: UUID) -> int:
    """Return the amount of a payment that is held for disputes, or was lost by them."""
    of_payment = Dispute.objects.filter(payment_id=payment_id)
    held = of_payment.filter(status__in=UNDECIDED).aggregate(total=Sum("amount_minor"))["total"]
    lost = DisputePart.objects.filter(dispute__in=of_payment).aggregate(total=Sum("lost_minor"))["total"]
    return int(held or 0) + int(lost or 0)


def uncovered_loss_minor(*, payment_id: UUID) -> int:
    """Return the amount that lost disputes of a payment have taken, and no part has borne and no refund was paid by."""
    decided = Dispute.objects.filter(payment_id=payment_id).exclude(status__in=UNDECIDED)
    lost = decided.aggregate(total=Sum("lost_minor"))["total"]
    borne = DisputePart.objects.filter(dispute__in=decided).aggregate(total=Sum("lost_minor"))["total"]
    paid = DisputeSetOff.objects.filter(dispute__in=decided, undone_at=None).aggregate(total=Sum("amount_minor"))[
        "total"
    ]
    return max(int(lost or 0) - int(borne or 0) - int(paid or 0), 0)


def set_off_sources(*, payment_ids: Collection[UUID]) -> list[str]:
    """Return the sources of the journals of refunds that disputes of some payments have paid."""
    found = DisputeSetOff.objects.filter(dispute__payment_id__in=list(payment_ids)).order_by("id")
    return [source for row in found for source in (str(row.pk), f"{row.pk}.undone")]


def refund_set_off(*, source: str) -> UUID:
    """Return the id of the refund that a journal of the kind `set_off` is about.

    Raises:
        DisputeSetOff.DoesNotExist: there is no such journal.
    """
    found: UUID = DisputeSetOff.objects.get(pk=source.partition(".")[0]).refund_id
    return found


def held_by_part(*, sub_order_ids: Collection[UUID]) -> dict[UUID, HeldOfPart]:
    """Return the amounts of some sub-orders that undecided disputes hold; sub-orders without any are left out."""
    held = DisputePart.objects.filter(sub_order_id__in=list(sub_order_ids), dispute__status__in=UNDECIDED)
    sums = held.values_list("sub_order_id").annotate(amount=Sum("amount_minor"), payable=Sum("payable_minor"))
    return {key: HeldOfPart(amount, payable) for key, amount, payable in sums.order_by("sub_order_id")}


@as_platform()  # the other disputes of a payment are the market's
def is_held_again(part: DisputePart) -> bool:
    """Return whether an undecided dispute of the same payment holds money of the sub-order of a part."""
    payment_id = part.dispute.payment_id
    others = DisputePart.objects.filter(dispute__payment_id=payment_id, dispute__status__in=UNDECIDED)
    return others.filter(sub_order_id=part.sub_order_id).exclude(pk=part.pk).exists()


@as_platform()  # disputes are the market's; a shop may know what is held of its own money
def held_by_disputes(*, shop_id: int) -> int:
    """Return the amount of a shop's money that undecided disputes hold, in minor units of its currency.

    It is in none of the shop's balances: `dispute_reserve` has it, and the audit's `disputes_held` compares both.
    """
    held = DisputePart.objects.filter(shop_id=shop_id, dispute__status__in=UNDECIDED)
    return int(held.aggregate(total=Sum("payable_minor"))["total"] or 0)


def known_ids(*, provider: str, provider_ids: Collection[str]) -> dict[str, UUID]:
    """Return our ids of disputes by the provider's, in one statement."""
    found = Dispute.objects.filter(provider=provider, provider_id__in=list(provider_ids))
    return dict(found.values_list("provider_id", "id"))


def _parts() -> "Prefetch[str, QuerySet[DisputePart], str]":
    return Prefetch("parts", DisputePart.objects.select_related("shop").order_by("id"))


def _set_offs() -> "Prefetch[str, QuerySet[DisputeSetOff], str]":
    return Prefetch("set_offs", DisputeSetOff.objects.filter(undone_at=None).order_by("id"))


def _numbers(*, prefix: str = "") -> dict[str, Count]:
    undecided, lost = Q(**{f"{prefix}status__in": UNDECIDED}), Q(**{f"{prefix}status": DisputeStatus.LOST})
    return {"all": Count("pk"), "undecided": Count("pk", filter=undecided), "lost": Count("pk", filter=lost)}


def _counts(row: Mapping[str, Any]) -> DisputeCounts:
    return DisputeCounts(row["all"], row["undecided"], row["lost"])
