"""The platform's commission: rules, which of them is for a line, and what it makes of it (docs/commission.md)."""

from payouts.commission.charging import ChargedUnits, charge, commission_of
from payouts.commission.memory import find_ruleset
from payouts.commission.rules import EARLIER, MARKET_RATE, Choice, Rule, Ruleset, RuleTerms, Sold, rate_rule

__all__ = [
    "EARLIER",
    "MARKET_RATE",
    "ChargedUnits",
    "Choice",
    "Rule",
    "RuleTerms",
    "Ruleset",
    "Sold",
    "charge",
    "commission_of",
    "find_ruleset",
    "rate_rule",
]
