"""The market that is measured: shops with products, through the market's own services."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from catalogue.discovery.models import ListingVariant
from catalogue.discovery.services.vocabulary import refresh_vocabulary
from catalogue.services.inputs import ProductInput, VariantInput
from catalogue.services.products import create_products
from checkout.coupons.inputs import CouponInput
from checkout.coupons.keeping import create_coupon
from checkout.fulfilment.services.tax_registration import Registration
from checkout.fulfilment.services.zones import STANDARD_ZONE, Method, Zone
from checkout.models import CouponKind
from checkout.taxing.registering import set_registration
from checkout.zones.change_zones import add_zone, remove_zone
from tenants.life.provisioning import provision_shop
from tenants.models import Shop, ShopStatus
from tests.world.clock import NOW

STOCK = 2_000_000
KINDS = ("Tote", "Kettle", "Lamp", "Sandal", "Blanket", "Radio", "Basket", "Necklace", "Drum", "Mortar")
FABRICS = ("indigo", "copper", "clay", "leather", "raffia", "cotton", "ebony", "brass", "linen", "bamboo")
ZONES = (  # the buyers of a load are in the first
    Zone(name="Lagos", country="NG", subdivisions=("NG-LA",), methods=(Method(name="Rider", price_minor=120_000),)),
    Zone(name="North", country="NG", subdivisions=("NG-KN", "NG-KD"), methods=(Method(price_minor=300_000),)),
)
TAX = Registration("NG", "123456780001", prices_include_tax=False)
MAKERS = ("Iseyin", "Kano", "Benin", "Abeokuta", "Jos", "Lokoja", "Calabar", "Sokoto")


@dataclass(frozen=True, slots=True)
class Goods:
    """A variant on a shelf."""

    shop_id: int
    schema_name: str
    variant_id: UUID
    price_minor: int


@dataclass(frozen=True, slots=True)
class Market:
    """Shops, and what each has on its shelf."""

    shops: tuple[Shop, ...]
    goods: tuple[Goods, ...]

    def shelves(self) -> list[list[str]]:
        """Variant ids, shop by shop."""
        ordered = sorted(self.goods, key=lambda each: each.shop_id)
        return [
            [str(each.variant_id) for each in own]
            for _, own in itertools.groupby(ordered, key=lambda each: each.shop_id)
        ]


def build(*, shops: int, products: int) -> Market:
    """Open shops and share products out among them."""
    opened = [
        provision_shop(
            slug=f"bench-{number:03d}",
            name=f"Bench {number:03d}",
            owner_id=None,
            now=NOW,
            currency="NGN",
            status=ShopStatus.LIVE,
            shipping_minor=150_000,
        )
        for number in range(shops)
    ]
    for position, shop in enumerate(opened):
        own = [product(number) for number in range(position, products, shops)]
        create_products(shop=shop, products=own, now=NOW)
    refresh_vocabulary()
    settle()
    return Market(tuple(opened), goods_of({shop.pk: shop.schema_name for shop in opened}))


def add_terms(market: Market) -> list[str]:
    """Let every shop charge tax, deliver by zones, and have a coupon; return the codes, in the order of the shelves."""
    codes = []
    for shop in sorted(market.shops, key=lambda shop: shop.pk):
        set_registration(shop=shop, registration=TAX, actor_id=None, now=NOW)
        for zone in ZONES:
            add_zone(shop=shop, zone=zone, actor_id=None, now=NOW)
        remove_zone(shop=shop, zone_id=STANDARD_ZONE.id, actor_id=None, now=NOW)
        tenth = CouponInput(code=f"TENTH-{shop.pk}", kind=CouponKind.PERCENT, percent_bps=1_000)
        codes.append(create_coupon(shop=shop, data=tenth, actor_id=None, now=NOW).code)
    settle()
    return codes


def product(number: int, *, on_hand: int = STOCK) -> ProductInput:
    """A product that differs from the others in words and price."""
    kind, fabric = KINDS[number % len(KINDS)], FABRICS[number // 10 % len(FABRICS)]
    maker = MAKERS[number // 100 % len(MAKERS)]
    return ProductInput(
        title=f"{fabric.title()} {kind} from {maker} {number}",
        description=f"A {kind.lower()} of {fabric}, made by hand in {maker}. " * 3,
        brand=f"{maker} Works",
        status="active",
        variants=[
            VariantInput(sku=f"SKU-{number}", price_minor=100_000 + number, on_hand=on_hand, options={"Colour": fabric})
        ],
    )


def goods_of(schemas: dict[int, str]) -> tuple[Goods, ...]:
    """Return what shops, given with their schemas, have on their shelves."""
    rows = ListingVariant.objects.filter(shop_id__in=schemas).order_by("id")
    return tuple(
        Goods(shop_id, schemas[shop_id], variant_id, price)
        for variant_id, shop_id, price in rows.values_list("id", "shop_id", "price_minor")
    )


def settle(*, schemas: str = "%") -> None:
    """Bring statistics up to date, so that plans are those of a market that has been open for a while.

    Of tables that hold something. One that was seen to be empty is planned for as empty, in sessions that last, until
    autovacuum comes by a minute later: each check of a foreign key would read all orders, more with every order.

    Args:
        schemas: a pattern that their names are like.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('%%I.%%I', schemaname, relname) FROM pg_stat_user_tables"
            " WHERE pg_relation_size(relid) > 0 AND schemaname LIKE %s",
            [schemas],
        )
        filled = [name for (name,) in cursor.fetchall()]
        cursor.execute(f"VACUUM ANALYZE {', '.join(filled)}")
        cursor.execute("CHECKPOINT")
