"""Towns that shops are in, to suggest in forms for addresses."""

from tenants.models import Shop, ShopStatus

MOST = 500


def shops_towns(country: str) -> list[tuple[str, str]]:
    """Return the towns of a country that open shops name as theirs; their states are not known."""
    open_shops = Shop.objects.filter(status__in=[ShopStatus.LIVE, ShopStatus.HOLIDAY], country=country)
    towns = open_shops.exclude(city="").order_by("city").values_list("city", flat=True).distinct()
    return [(town, "") for town in towns[:MOST]]
