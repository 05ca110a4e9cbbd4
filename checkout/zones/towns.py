"""Towns that shops' delivery zones name, to suggest in forms for addresses."""

from checkout.models import ShopTerms
from checkout.pricing.terms.delivery import parse
from tenants.models import ShopStatus

MOST_SHOPS = 500


def zones_towns(country: str) -> list[tuple[str, str]]:
    """Return the towns of a country in the zones of open shops, with the state of those whose zone names only one."""
    open_shops = ShopTerms.objects.filter(shop__status__in=[ShopStatus.LIVE, ShopStatus.HOLIDAY])
    named = open_shops.filter(delivery__zones__contains=[{"country": country}]).order_by("shop_id")
    zones = [zone for stored in named.values_list("delivery", flat=True)[:MOST_SHOPS] for zone in parse(stored).zones]
    found = set()
    for zone in zones:
        if zone.country == country:
            state = next(iter(zone.subdivisions)) if len(zone.subdivisions) == 1 else ""
            found |= {(town.title(), state) for town in zone.towns}
    return sorted(found)
