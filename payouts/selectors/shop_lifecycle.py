"""Balances that keep a shop from being deleted."""

from django.utils.translation import gettext

from kit.money import format_minor
from kit.text.sentences import with_one_stop
from payouts.models import Balance
from tenants.models import Shop


def money_left(shop: Shop) -> str:
    """Return a text with the amounts that keep a shop from being deleted, or an empty one."""
    balances = Balance.objects.filter(account__shop_id=shop.pk).exclude(amount_minor=0)
    amounts = list(balances.order_by("account_id").values_list("amount_minor", "account__currency"))
    if not amounts:
        return ""
    said = ", ".join(format_minor(abs(amount), currency) for amount, currency in amounts)
    return with_one_stop(gettext("Its balance is not settled yet: %(said)s.") % {"said": said})
