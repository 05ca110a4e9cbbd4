"""The next payout of a shop, in words: how much it is, or what it waits for."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from kit.money import format_minor
from kit.text.dates import written_date
from payouts.models import Rhythm
from payouts.runs.daily import next_payday
from payouts.runs.preview import PreviewLine, Skipped, preview_payouts
from payouts.selectors import ShopBalances
from payouts.selectors.payouts import held_payout_of_shop
from payouts.services.schedules import schedule_of
from tenants.life.lifecycle import may_be_paid_out
from tenants.models import Shop


@dataclass(frozen=True, slots=True)
class NextPayout:
    """Words of a figure: its value, and a sentence about it."""

    value: str
    hint: str


def next_payout(*, shop: Shop, balances: ShopBalances, now: datetime) -> NextPayout:
    """Return the next step of the money that is available to a shop, by the rules that runs follow."""
    if not may_be_paid_out(shop.status):
        return NextPayout(gettext("Held"), gettext("Until the shop is restored"))
    line = next(preview_payouts(now=now, shop_id=shop.pk), None)
    if line is None:
        if balances.in_transit_minor:
            held = held_payout_of_shop(shop_id=shop.pk, currency=balances.currency)
            on_its_way = gettext("What was available is on its way to your bank")
            is_held = gettext("What was available is in a payout that is held")
            return NextPayout(gettext("Nothing yet"), is_held if held else on_its_way)
        return NextPayout(gettext("Nothing yet"), gettext("Nothing is available yet"))
    if line.skipped is None:
        hint = _when(shop, line, now)
        return NextPayout(format_minor(line.amount_minor, line.currency), hint)
    return NextPayout(gettext("Waits"), _why(line))


def _when(shop: Shop, line: PreviewLine, now: datetime) -> str:
    """Return the day of the shop's schedule, and the account."""
    schedule = schedule_of(shop_id=shop.pk)
    if schedule.is_on_request:
        return gettext("When you ask for it, to %(account)s") % {"account": line.account_masked}
    is_daily = schedule.rhythm == Rhythm.DAILY
    day = None if is_daily else next_payday(schedule, country=str(shop.country), now=now)
    if day is None:
        return gettext("With the next run, to %(account)s") % {"account": line.account_masked}
    return gettext("On %(day)s, to %(account)s") % {"day": date_format(day, "l j F"), "account": line.account_masked}


def _why(line: PreviewLine) -> str:
    """Return the reason for which available money waits, in words to its shop."""
    match line.skipped:
        case Skipped.BELOW_MINIMUM:
            least = format_minor(schedule_of(shop_id=line.shop.pk).least_minor, line.currency)
            return gettext("Until %(amount)s is left after what you owe") % {"amount": least}
        case Skipped.UNDER_WAY:
            if held_payout_of_shop(shop_id=line.shop.pk, currency=line.currency):
                return gettext("Until the payout before it, which is held, has arrived")
            return gettext("Until the payout before it has arrived")
        case Skipped.COOLING_OFF if line.account is not None:
            day = written_date(localtime(line.account.usable_from), "j M Y, H:i T")
            return gettext("Until %(time)s, because your bank account was changed") % {"time": day}
        case Skipped.NO_ACCOUNT:
            return gettext("Until an owner adds a bank account in your currency")
        case _:
            return gettext("No provider sends transfers in your currency")
