"""Letters to a shop's owners about its payouts."""

from datetime import datetime

from django.utils.translation import gettext

from accounts.services.languages import speaking_to
from gateway.bank_accounts import masked
from kit.money import format_minor
from kit.sentences.stored import in_words
from notifications.services import notify, queue_email
from payouts.models import HandPayment, Payout, PayoutStatus
from tenants.models import Role
from tenants.shops.addresses import shop_url
from tenants.shops.selectors import members_of

TEMPLATES = {
    PayoutStatus.PAID: "payout_paid",
    PayoutStatus.FAILED: "payout_failed",
    PayoutStatus.REVERSED: "payout_failed",
}


def tell_payout_moved(payout: Payout, *, now: datetime, by_hand: HandPayment | None = None) -> None:
    """Write to the owners that a payout was paid, or came back; other ends are not told.

    Args:
        by_hand: the payment, where it was paid outside the provider.
    """
    template = TEMPLATES.get(PayoutStatus(payout.status))
    if template is None:
        return
    shop = payout.shop
    link = shop_url(shop, "/dashboard/payouts/")
    amount = format_minor(payout.amount_minor, payout.currency)
    key = f"payout:{payout.pk}:{payout.status}:{now.isoformat()}"
    for member in members_of(shop_id=shop.pk):
        if member.role != Role.OWNER:
            continue
        with speaking_to(user_id=member.user_id):
            context = {
                "name": member.user.name,
                "shop": shop,
                "amount": amount,
                "account": payout.bank_account,
                "number": masked(payout.bank_account.number),
                "note": in_words(payout.note),
                "by_hand": by_hand,
                "link": link,
            }
            queue_email(
                to=member.user.email,
                template=template,
                context=context,
                dedup_key=f"{key}:{member.user_id}",
                now=now,
            )
            notify(
                user_id=member.user_id,
                kind=f"payout.{payout.status}",
                title=_title(payout, amount),
                body=_body(payout),
                url=link,
                dedup_key=key,
                now=now,
            )


def _title(payout: Payout, amount: str) -> str:
    if payout.status == PayoutStatus.PAID:
        return gettext("%(amount)s was paid out to %(shop)s") % {"amount": amount, "shop": payout.shop.name}
    return gettext("A payout of %(amount)s to %(shop)s came back") % {"amount": amount, "shop": payout.shop.name}


def _body(payout: Payout) -> str:
    said = {"bank": payout.bank_account.bank_name, "number": masked(payout.bank_account.number)}
    if payout.status == PayoutStatus.PAID:
        return gettext("It was sent to %(bank)s %(number)s.") % said
    return gettext("It did not arrive at %(bank)s %(number)s. The money is in your available balance again.") % said
