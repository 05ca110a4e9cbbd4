"""Memory of the compiled rules, by version: purchases read them once for each version and process.

The version comes with the facts of a purchase's shops (`tenants.shops.selectors`), in the statement that reads these.
It is never given twice, so what is remembered never gets old.
"""

from payouts.commission.compiling import parse
from payouts.commission.rules import NO_RULES, Ruleset
from payouts.models import CommissionRuleset

_remembered = NO_RULES


def find_ruleset(version: int | None) -> Ruleset:
    """Return the rules of a version, or newer ones where it is not the last any more.

    Args:
        version: as the facts of a shop have it; 0: no rule was ever on; None: unknown, so they are read.
    """
    global _remembered  # noqa: PLW0603 - one for the process
    if version == 0:
        return NO_RULES
    known = _remembered
    if known.version == version:
        return known
    found = read_ruleset()
    _remembered = found
    return found


def read_ruleset() -> Ruleset:
    """Return the rules as they are now; all rows are in one, so they are of one version."""
    found = CommissionRuleset.objects.values_list("version", "content").first()
    return parse(*found) if found else NO_RULES


def forget_all() -> None:
    """Forget the rules: for tests, which have many databases."""
    global _remembered  # noqa: PLW0603 - one for the process
    _remembered = NO_RULES
