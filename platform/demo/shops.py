"""The demo's shops: provisioned, pictured, stocked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from django.utils.text import slugify

from accounts.models import User
from catalogue.discovery.services.categories import ensure_categories
from catalogue.services.inputs import ImageInput, ProductInput, VariantInput
from catalogue.services.products import create_products
from demo.categories import category_inputs
from demo.drawing import FOLDER, VIEWS, picture_name
from demo.goods import SHOPS
from demo.model import CURRENCY, DemoShop, Good
from tenants.life.provisioning import provision_shop
from tenants.models import Shop
from tenants.shops.profile import update_profile

OPENED_DAYS_AGO = 60
GOODS_A_DAY = 3


def load_shops(people: Mapping[str, User], *, now: datetime) -> dict[str, Shop]:
    """Create all shops with their goods; return them by slug."""
    opened = now - timedelta(days=OPENED_DAYS_AGO)
    categories = ensure_categories(categories=category_inputs())
    shops: dict[str, Shop] = {}
    for demo in SHOPS:
        shop = _open(demo, people[demo.owner], now=opened)
        for days, goods in enumerate(batched(demo.goods, GOODS_A_DAY)):
            products = [_product(demo, good, categories) for good in goods]
            create_products(shop=shop, products=products, now=opened + timedelta(days=days, hours=len(shops)))
        shops[demo.slug] = shop
    return shops


def batched(goods: Sequence[Good], size: int) -> Iterator[Sequence[Good]]:
    """Yield the goods a few at a time, as a shop puts them up."""
    for start in range(0, len(goods), size):
        yield goods[start : start + size]


def _open(demo: DemoShop, owner: User, *, now: datetime) -> Shop:
    shop = provision_shop(
        slug=demo.slug,
        name=demo.name,
        owner_id=owner.pk,
        now=now,
        status=demo.status,
        currency=CURRENCY,
        commission_bps=demo.commission_bps,
    )
    return update_profile(
        shop_id=shop.pk,
        actor_id=owner.pk,
        now=now,
        city=demo.city,
        tagline=demo.tagline,
        description=demo.about,
        returns_policy=demo.returns,
        shipping_minor=demo.delivery * 100,
        banner=f"{FOLDER}/{demo.slug}-banner.webp",
        logo=f"{FOLDER}/{demo.slug}-logo.webp",
    )


def _product(demo: DemoShop, good: Good, categories: Mapping[str, int]) -> ProductInput:
    return ProductInput(
        title=good.title,
        description=good.text,
        category_id=categories[good.category],
        brand=demo.name,
        status="active",
        variants=list(_variants(demo, good)),
        images=[
            ImageInput(file=f"{FOLDER}/{picture_name(demo, good)}{suffix}-800.webp", alt=f"{good.title}{view}")
            for suffix, view in VIEWS
        ],
    )


def _variants(demo: DemoShop, good: Good) -> Sequence[VariantInput]:
    prefix = "".join(word[0] for word in demo.slug.split("-")).upper()
    stem = f"{prefix}-{slugify(good.title)[:28].strip('-').upper()}"
    if not good.options:
        was = good.was * 100 if good.was else None
        return [VariantInput(sku=stem, price_minor=good.price * 100, compare_at_minor=was, on_hand=good.stock)]
    [(option, values)] = good.options.items()
    return [
        VariantInput(
            sku=f"{stem}-{slugify(value).upper()}",
            price_minor=(good.price + place * good.step) * 100,
            compare_at_minor=(good.was + place * good.step) * 100 if good.was else None,
            options={option: value},
            on_hand=_stock(good, place, len(values)),
        )
        for place, value in enumerate(values)
    ]


def _stock(good: Good, place: int, count: int) -> int:
    """Return the first variant has the stock, the following fewer; of four and more the last is sold out."""
    is_sold_out = count >= len("four") and place == count - 1
    return 0 if is_sold_out else max(good.stock // (place + 1), 1)
