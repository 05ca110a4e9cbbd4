"""Release terms of the demo's shops: one soon, two with a reserve, the others as the market has it."""

from collections.abc import Mapping
from datetime import datetime

from accounts.models import User
from console.services.releases import change_release_terms
from demo.accounts import OPERATOR
from payouts.release.terms import OwnTerms
from tenants.models import Shop

# Slug, terms, and the operator's reason.
TERMS = (
    ("indigo-fabrics", OwnTerms(hold_days=2), "Known to us for years; few returns."),
    ("copper-kitchen", OwnTerms(hold_days=3, reserve_bps=1_000, reserve_days=30), "Many parcels arrive dented."),
    ("aba-leather", OwnTerms(hold_days=1, reserve_bps=500, reserve_days=5), "Agreed when it joined."),
)


def set_release_terms(people: Mapping[str, User], shops: Mapping[str, Shop], *, now: datetime) -> None:
    """Give some shops terms of their own, before anything of theirs is delivered."""
    for slug, own, reason in TERMS:
        operator = people[OPERATOR.email]
        change_release_terms(shop=shops[slug], own=own, actor_id=operator.pk, reason=reason, now=now)
