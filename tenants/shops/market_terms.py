"""Version of the market's commission rules: payouts keeps the rules, the market's row says which version holds."""

from datetime import datetime

from tenants.models.market_terms import MarketTerms


def raise_commission_version(*, now: datetime) -> int:
    """Give the commission rules a version that they never had, and return it; needs an open transaction.

    It counts microseconds, as the versions of shops' terms do. Who calls holds the lock of the rules.
    """
    before = commission_version()
    version = max(before + 1, int(now.timestamp() * 1_000_000))
    MarketTerms.objects.update_or_create(pk=1, defaults={"commission_version": version})
    return version


def commission_version() -> int:
    """Return the version of the commission rules; 0 where none was ever on."""
    return MarketTerms.objects.values_list("commission_version", flat=True).first() or 0
