"""Terms of a rule in whole sentences."""

from django.utils.translation import gettext

from kit.money import format_minor
from kit.text.numbers import percentage
from payouts.models import CommissionRule


def describe_terms(rule: CommissionRule) -> list[str]:
    """Return the terms of a rule, a sentence for each."""
    found = [gettext("It takes %(rate)s %% of the items.") % {"rate": percentage(rule.percent_bps)}]
    if rule.fixed_minor:
        found.append(
            gettext("It adds %(amount)s for each unit.") % {"amount": format_minor(rule.fixed_minor, rule.currency)}
        )
    if rule.floor_minor is not None:
        found.append(
            gettext("It takes at least %(amount)s per unit.")
            % {"amount": format_minor(rule.floor_minor, rule.currency)}
        )
    if rule.cap_minor is not None:
        found.append(
            gettext("It takes at most %(amount)s per unit.") % {"amount": format_minor(rule.cap_minor, rule.currency)}
        )
    return found
