"""Examples in the API's description."""

from http import HTTPStatus

from drf_spectacular.utils import OpenApiExample

from kit.api.refusals import error_example

_LISTING = {
    "id": "0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11",
    "title": "Hand-woven aso-oke tote",
    "slug": "hand-woven-aso-oke-tote",
    "brand": "",
    "image_url": "https://market.example/media/shops/1/products/0199f2c1-7c1e-7a53-b1de-3f2a9a1c5d11/kf0-400.webp",
    "currency": "NGN",
    "price_minor": 1_850_000,
    "price_max_minor": 2_100_000,
    "compare_at_minor": 2_400_000,
    "lower_price": None,
    "in_stock": True,
    "rating_average": 4.8,
    "rating_count": 212,
    "shop": {"slug": "indigo-fabrics", "name": "Indigo Fabrics"},
}
LISTINGS = OpenApiExample(
    "Found under a likelier spelling",
    value={
        "count": 1,
        "count_is_exact": True,
        "next": None,
        "previous": None,
        "search": "tote",
        "asked": "toet",
        "shops": [],
        "results": [_LISTING],
    },
    response_only=True,
    status_codes=["200"],
)
LISTING = OpenApiExample(
    "A product in two colours, one of them sold out",
    value={
        **{key: value for key, value in _LISTING.items() if key not in {"image_url", "lower_price", "shop"}},
        "description": "Woven on narrow looms in Iseyin, lined with cotton.",
        "categories": [{"slug": "fashion", "name": "Fashion"}, {"slug": "bags", "name": "Bags"}],
        "images": [
            {
                "url": "https://market.example/media/…-800.webp",
                "small_url": "https://market.example/media/…-400.webp",
                "alt": "The tote, from the front",
            }
        ],
        "variants": [
            {
                "id": "0199f2c1-7c1f-7b10-9a44-0d6b1f5e2c77",
                "sku": "TOTE-INDIGO",
                "options": {"Colour": "Indigo"},
                "price_minor": 1_850_000,
                "compare_at_minor": 2_400_000,
                "lower_price": None,
                "currency": "NGN",
                "available": 6,
            },
            {
                "id": "0199f2c1-7c1f-7b10-9a44-0d6b1f5e2c78",
                "sku": "TOTE-RUST",
                "options": {"Colour": "Rust"},
                "price_minor": 2_100_000,
                "compare_at_minor": None,
                "lower_price": None,
                "currency": "NGN",
                "available": 0,
            },
        ],
        "shop": {
            "slug": "indigo-fabrics",
            "name": "Indigo Fabrics",
            "city": "Abeokuta",
            "shipping_minor": 150_000,
            "is_selling": True,
            "returns_on": None,
        },
        "updated_at": "2025-11-20T13:05:00.000Z",
    },
    response_only=True,
    status_codes=["200"],
)
SHOP_ROW = {
    "slug": "indigo-fabrics",
    "name": "Indigo Fabrics",
    "tagline": "Cloth from Abeokuta",
    "city": "Abeokuta",
    "country": "NG",
    "currency": "NGN",
    "banner_url": "https://market.example/media/shops/1/profile/banner-….webp",
    "logo_url": "https://market.example/media/shops/1/profile/logo-….webp",
    "is_selling": True,
    "returns_on": None,
}
SHOP = {
    **SHOP_ROW,
    "description": "Adire and aso-oke, dyed and woven by hand.",
    "shipping_minor": 150_000,
    "returns_policy": "14 days, unworn.",
    "listing_count": 48,
}
NOT_FOUND = error_example(
    "listing_not_found", "This product is not on sale, or there is no such product.", status=HTTPStatus.NOT_FOUND
)
INVALID = error_example(
    "invalid",
    "Please correct the marked fields.",
    {"ordering": ["Choose one of relevance, popular, newest, price, -price."]},
    status=HTTPStatus.BAD_REQUEST,
)
CATEGORIES = [
    {
        "id": 3,
        "slug": "fashion",
        "name": "Fashion",
        "children": [{"id": 12, "slug": "bags", "name": "Bags", "children": []}],
    }
]
