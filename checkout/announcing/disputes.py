"""Notices about disputes: to the shops concerned and to operators, on arrival, before the deadline, and of the end."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from accounts.selectors import list_people
from accounts.services.languages import speaking_to
from checkout.announcing.shops import ShopNotice, tell_shop
from checkout.capabilities import ANSWER_DISPUTES
from checkout.events import DisputeMoved
from checkout.models import SubOrder
from kit.money import format_minor
from kit.web.hosts import platform_url
from notifications.services import notify, queue_email
from payouts.disputes.selectors import get_dispute, is_held_again
from payouts.models import Dispute, DisputePart, DisputeStatus

MOST_OPERATORS = 100


def announce_dispute(moved: DisputeMoved, now: datetime) -> None:
    """Tell shops and operators of a dispute; a reminder comes only while it waits for an answer."""
    dispute = get_dispute(dispute_id=moved.dispute_id)
    if moved.move == "reminded" and dispute.status != DisputeStatus.OPEN:
        return
    key = f"dispute-{dispute.pk.hex}-{moved.move}"
    if moved.move == "reminded":
        key += f"-{moved.happened_at:%Y%m%d%H%M}"
    parts = {part.pk: part for part in SubOrder.objects.select_related("shop").filter(pk__in=_ids(dispute))}
    for part in dispute.parts.all():
        tell_shop(
            part=parts[part.sub_order_id],
            kind="shop.dispute",
            key=key,
            path=f"/dashboard/disputes/{dispute.pk}/",
            capability=ANSWER_DISPUTES,
            word=_word_for_shop(dispute, part, moved.move),
            now=now,
        )
    _tell_operators(dispute, moved.move, key, now)


def _ids(dispute: Dispute) -> list[UUID]:
    return [part.sub_order_id for part in dispute.parts.all()]


def _word_for_shop(dispute: Dispute, part: DisputePart, move: str) -> Callable[[], ShopNotice]:
    def word() -> ShopNotice:
        said = {
            "number": part.number,
            "amount": format_minor(part.amount_minor, dispute.currency),
            "held": format_minor(part.payable_minor, dispute.currency),
            "lost": format_minor(part.lost_payable_minor, dispute.currency),
        }
        titles, paragraphs = _shop_texts(dispute, part, move, said)
        return ShopNotice(title=titles, paragraphs=paragraphs, action=gettext("See the dispute"))

    return word


def _shop_texts(dispute: Dispute, part: DisputePart, move: str, said: dict[str, str]) -> tuple[str, list[str]]:
    claim = [gettext("The bank writes: “%(claim)s”") % {"claim": dispute.claim}] if dispute.claim else []
    if move == "opened":
        return gettext("The buyer’s bank disputes %(amount)s of order %(number)s") % said, [
            gettext("%(held)s of your money is held until the bank has decided.") % said,
            *claim,
            *_deadline(dispute),
            gettext("Send us proof of delivery: tracking, messages, a photo or a receipt. We pass it on to the bank."),
        ]
    if move == "reminded":
        return gettext("The dispute about order %(number)s needs evidence") % said, [
            gettext("Without an answer in time, %(amount)s is lost.") % said,
            *_deadline(dispute),
        ]
    if move == DisputeStatus.WON:
        return gettext("The dispute about order %(number)s is won") % said, [_won_text(part) % said]
    if not part.lost_payable_minor:
        return gettext("The dispute about order %(number)s is lost") % said, [
            gettext(
                "The bank has paid the buyer the refund that was already due. We don't send it again, and it costs "
                "you nothing more: the %(held)s that was held is yours again."
            )
            % said
        ]
    return gettext("The dispute about order %(number)s is lost") % said, [
        gettext("The bank has refunded the buyer. You lose %(lost)s; the market gives up its commission.") % said
    ]


def _won_text(part: DisputePart) -> str:
    if part.lost_payable_minor:
        return gettext(
            "The bank has decided this dispute for you, and another dispute about the same payment for the buyer. "
            "Of the %(held)s that was held, %(lost)s was taken for the other dispute; the rest is yours again."
        )
    if is_held_again(part):
        return gettext(
            "The bank has decided for you. Another dispute about the same payment is undecided: of the %(held)s "
            "that was held, the amount that it claims stays held until it is decided."
        )
    return gettext("The bank has decided for you. The %(held)s that was held is yours again.")


def _tell_operators(dispute: Dispute, move: str, key: str, now: datetime) -> None:
    path = f"/operator/disputes/{dispute.pk}/"
    for person in list_people(is_operator=True).filter(is_active=True).order_by("pk")[:MOST_OPERATORS]:
        with speaking_to(user_id=person.pk):
            title, paragraphs = _operator_texts(dispute, move)
            own_key = f"{key}-operator-{person.pk}"
            notify(
                user_id=person.pk,
                kind="operator.dispute",
                title=title,
                body=" ".join(paragraphs),
                url=platform_url(path),
                dedup_key=own_key,
                now=now,
            )
            queue_email(
                to=person.email,
                template="operator_notice",
                kind="operator.dispute",
                context={
                    "name": person.name,
                    "title": title,
                    "paragraphs": paragraphs,
                    "action": gettext("See the dispute"),
                    "link": platform_url(path),
                },
                dedup_key=own_key,
                now=now,
                user_id=person.pk,
            )


def _operator_texts(dispute: Dispute, move: str) -> tuple[str, list[str]]:
    said = {
        "number": dispute.order_number,
        "amount": format_minor(dispute.claimed_minor, dispute.currency),
        "lost": format_minor(dispute.lost_minor or 0, dispute.currency),
        "shops": ", ".join(part.shop.name for part in dispute.parts.all()),
    }
    if move == "opened":
        title = gettext("A bank disputes %(amount)s of order %(number)s") % said
        paragraphs = [gettext("Shops concerned: %(shops)s") % said] if said["shops"] else []
        paragraphs += [gettext("The bank writes: “%(claim)s”") % {"claim": dispute.claim}] if dispute.claim else []
        return title, [*paragraphs, *_deadline(dispute), gettext("Send evidence, or accept the dispute.")]
    if move == "reminded":
        title = gettext("The dispute about order %(number)s needs an answer") % said
        return title, [gettext("Without an answer in time, %(amount)s is lost.") % said, *_deadline(dispute)]
    if move == DisputeStatus.WON:
        title = gettext("The dispute about order %(number)s is won") % said
        if any(part.lost_minor for part in dispute.parts.all()):
            return title, [
                gettext(
                    "The bank has decided this dispute for the shops. The money that was held has paid for the loss "
                    "of another dispute about the same payment, as far as needed; the rest is the shops’ again."
                )
            ]
        if any(is_held_again(part) for part in dispute.parts.all()):
            return title, [
                gettext(
                    "The bank has decided for the shops. Another dispute about the same payment is undecided, so "
                    "the amount that it claims stays held."
                )
            ]
        return title, [gettext("The bank has decided for the shops. The money that was held is theirs again.")]
    title = gettext("The dispute about order %(number)s is lost") % said
    return title, [gettext("The provider has paid %(lost)s back to the buyer.") % said]


def _deadline(dispute: Dispute) -> list[str]:
    if dispute.answer_by is None:
        return []
    moment = date_format(timezone.localtime(dispute.answer_by), "j F Y, H:i T")
    return [gettext("The bank expects an answer by %(moment)s.") % {"moment": moment}]
