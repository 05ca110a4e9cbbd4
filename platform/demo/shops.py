"""The demo's shops: provisioned, pictured, stocked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import product

from django.utils.text import slugify

from accounts.models import User
from catalogue.discovery.services.categories import ensure_categories
from catalogue.services.inputs import ImageInput, ProductInput, VariantInput
from catalogue.services.products import create_products
from demo.art import file_name
from demo.categories import category_inputs
from demo.drawing import FOLDER, picture_name, views
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
        variants=list(variants_of(demo, good)),
        images=[
            ImageInput(file=f"{FOLDER}/{file_name(picture_name(demo, good) + view.end)}", alt=view.text)
            for view in views(good)
        ],
    )


def variants_of(demo: DemoShop, good: Good) -> Sequence[VariantInput]:
    """Return a variant for each combination of the values of a good's options."""
    prefix = "".join(word[0] for word in demo.slug.split("-")).upper()
    stem = f"{prefix}-{slugify(good.title)[:28].strip('-').upper()}"
    return [_variant(stem, good, places) for places in product(*(range(len(each)) for each in good.options.values()))]


def _variant(stem: str, good: Good, places: tuple[int, ...]) -> VariantInput:
    """Return the variant of a good that has the values at some places of its options."""
    chosen = {name: values[place] for (name, values), place in zip(good.options.items(), places, strict=True)}
    dearer = places[-1] * good.step if places else 0
    return VariantInput(
        sku="-".join([stem, *(slugify(value).upper() for value in chosen.values())]),
        price_minor=(good.price + dearer) * 100,
        compare_at_minor=(good.was + dearer) * 100 if good.was else None,
        options=chosen,
        on_hand=_stock(good, places),
    )


def _stock(good: Good, places: tuple[int, ...]) -> int:
    """Return the stock of a variant: the following have fewer than the first; of four and more the last is sold out."""
    last = tuple(len(values) - 1 for values in good.options.values())
    is_sold_out = places == last and max(last, default=0) + 1 >= len("four")
    return 0 if is_sold_out else max(good.stock // (sum(places) + 1), 1)
