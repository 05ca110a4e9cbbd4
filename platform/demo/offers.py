"""The demo's automatic offers, and a shop that is registered for tax."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from catalogue.selectors.products import list_products
from checkout.fulfilment.services.tax_registration import Registration
from checkout.models import OfferKind
from checkout.offers.inputs import OfferInput
from checkout.offers.keeping import create_offer
from checkout.pricing.terms.offers import Tier
from checkout.taxing.registering import set_registration
from tenants.models import Shop

REGISTERED = "indigo-fabrics"
NIGERIA = Registration("NG", "12345678-0001", prices_include_tax=True)
TIERED = OfferInput(
    name="More for more",
    kind=OfferKind.SPEND,
    tiers=(Tier(30_000_00, percent_bps=500), Tier(60_000_00, percent_bps=1_000)),
)
GIVING = OfferInput(name="Two and one", kind=OfferKind.BUY_GET, percent_bps=10_000, buys=2, gives=1)
CUT_PRODUCTS = 2
LASTS = timedelta(days=30)


def load_offers(shops: Mapping[str, Shop], *, now: datetime) -> None:
    """Make offers of three kinds in the last shops, from now on, and register one shop for tax."""
    set_registration(shop=shops[REGISTERED], registration=NIGERIA, actor_id=None, now=now)
    tiered, giving, cutting = [shop for shop in shops.values() if shop.status == "live"][-3:]
    create_offer(shop=tiered, data=TIERED, actor_id=None, now=now)
    create_offer(shop=giving, data=GIVING, actor_id=None, now=now)
    products = tuple(each.pk for each in list_products(shop=cutting, status="active", limit=CUT_PRODUCTS).products)
    data = OfferInput(
        name="Season’s end", kind=OfferKind.PRICE_CUT, percent_bps=2_000, products=products, ends_at=now + LASTS
    )
    create_offer(shop=cutting, data=data, actor_id=None, now=now)
