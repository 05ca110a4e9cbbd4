"""Reasons of a coupon that does not count: a code for programs and a sentence for people."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from kit.money import format_minor


class Reason(StrEnum):
    """Reason of a coupon that does not count; the later ones may change with the basket."""

    UNKNOWN = "unknown"
    PAUSED = "paused"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    USED_UP = "used_up"
    USED_BY_YOU = "used_by_you"
    NOT_FIRST_ORDER = "not_first_order"
    NOT_IN_BASKET = "not_in_basket"
    OTHER_CURRENCY = "other_currency"
    BELOW_MINIMUM = "below_minimum"
    NOT_COMBINED = "not_combined"
    NOTHING_TO_SAVE = "nothing_to_save"


# A code that is refused for one of these is kept with the basket: what is put in may make it count.
OF_THE_BASKET = frozenset(
    {
        Reason.NOT_IN_BASKET,
        Reason.OTHER_CURRENCY,
        Reason.BELOW_MINIMUM,
        Reason.NOT_COMBINED,
        Reason.NOTHING_TO_SAVE,
    }
)
# Of several coupons of one code, the one that is nearest to count says why it doesn't.
NEAREST = tuple(reversed(Reason))


@dataclass(frozen=True, slots=True)
class CouponRefusal:
    """A reason with its figures.

    Args:
        missing_minor: what is missing to the minimum.
        at: when it starts or ended.
        counted: the code that counts instead.
    """

    reason: Reason
    missing_minor: int = 0
    currency: str = ""
    at: datetime | None = None
    counted: str = ""

    def sentence(self, code: str) -> str:
        """Return the reason as people read it: what happened, and what to do now."""
        words = _sentences()[self.reason]
        day = date_format(timezone.localtime(self.at), "j F Y") if self.at else ""
        missing = format_minor(self.missing_minor, self.currency) if self.missing_minor else ""
        values = {"code": code, "day": day, "missing": missing, "counted": self.counted, "currency": self.currency}
        return words % values


def _sentences() -> dict[Reason, str]:
    return {
        Reason.UNKNOWN: gettext("We don't know the coupon %(code)s. Check its spelling, or try another one."),
        Reason.PAUSED: gettext("The coupon %(code)s can't be used at present."),
        Reason.NOT_STARTED: gettext("The coupon %(code)s is valid from %(day)s. Come back then."),
        Reason.ENDED: gettext("The coupon %(code)s ended on %(day)s."),
        Reason.USED_UP: gettext("The coupon %(code)s has been used up."),
        Reason.USED_BY_YOU: gettext("You have used the coupon %(code)s as often as one buyer may."),
        Reason.NOT_FIRST_ORDER: gettext("The coupon %(code)s is for a first order, and you have ordered before."),
        Reason.NOT_IN_BASKET: gettext("Nothing in your basket is covered by the coupon %(code)s."),
        Reason.OTHER_CURRENCY: gettext("The coupon %(code)s is for prices in %(currency)s."),
        Reason.BELOW_MINIMUM: gettext("Add goods for another %(missing)s to use the coupon %(code)s."),
        Reason.NOT_COMBINED: gettext(
            "The coupon %(code)s can't be combined with %(counted)s, which saves you as much or more."
        ),
        Reason.NOTHING_TO_SAVE: gettext(
            "There is nothing left in your basket that the coupon %(code)s could discount."
        ),
    }
