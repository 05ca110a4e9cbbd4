"""A shop on django-oscar as its documentation sets it up; lives in an environment of its own, without our code.

`python oscar_site.py seed PRODUCTS` fills it and prints products' addresses as JSON,
`python oscar_site.py serve PORT WORKERS THREADS` serves it with the web
server that the market has. As a module it is its settings and its addresses.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from decimal import Decimal

import oscar.defaults
from django.urls import include, path

globals().update({name: getattr(oscar.defaults, name) for name in dir(oscar.defaults) if name.isupper()})
SECRET_KEY = "a-key-for-measurements-only-that-is-long-enough"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
SITE_ID = 1
LANGUAGE_CODE = "en"
ROOT_URLCONF = "oscar_site"
STATIC_URL, MEDIA_URL, MEDIA_ROOT = "/static/", "/media/", f"{tempfile.gettempdir()}/oscar-media"
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
OSCAR_ALLOW_ANON_CHECKOUT = True
OSCAR_SHOP_NAME = "Yardstick"
OSCAR_DEFAULT_CURRENCY = "NGN"
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
APPS = (
    "analytics checkout address shipping catalogue catalogue.reviews communication partner basket payment offer order "
    "customer search voucher wishlists dashboard dashboard.reports dashboard.users dashboard.orders "
    "dashboard.catalogue dashboard.offers dashboard.partners dashboard.pages dashboard.ranges dashboard.reviews "
    "dashboard.vouchers dashboard.communications dashboard.shipping"
)
CONFIGS = {"catalogue.reviews": "CatalogueReviewsConfig"}


def _config(app: str) -> str:
    parts = [part.title() for part in reversed(app.split("."))]
    return f"oscar.apps.{app}.apps.{CONFIGS.get(app, ''.join(parts) + 'Config')}"


INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "oscar.config.Shop",
    *map(_config, APPS.split()),
    "widget_tweaks",
    "haystack",
    "treebeard",
    "sorl.thumbnail",
    "django_tables2",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
    "django.middleware.common.CommonMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "oscar.apps.customer.auth_backends.EmailBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PROCESSORS = (
    "django.template.context_processors.debug django.template.context_processors.request "
    "django.contrib.auth.context_processors.auth django.template.context_processors.i18n "
    "django.template.context_processors.media django.template.context_processors.static "
    "django.contrib.messages.context_processors.messages oscar.apps.search.context_processors.search_form "
    "oscar.apps.checkout.context_processors.checkout oscar.apps.communication.notifications.context_processors."
    "notifications oscar.core.context_processors.metadata"
)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": PROCESSORS.split()},
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("OSCAR_DATABASE", ""),
        "USER": os.environ.get("OSCAR_DATABASE_USER", ""),
        "HOST": os.environ.get("OSCAR_DATABASE_HOST", ""),
        "ATOMIC_REQUESTS": True,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}},
    }
}


def __getattr__(name: str) -> object:
    """Make the addresses and the application when Django asks, not while these are its settings."""
    if name == "urlpatterns":
        from django.apps import apps

        return [
            path("i18n/", include("django.conf.urls.i18n")),
            path("", include(vars(apps)["get_app_config"]("oscar").urls[0])),
        ]
    if name == "application":
        from django.core.wsgi import get_wsgi_application

        return get_wsgi_application()
    raise AttributeError(name)


def seed(products: int) -> None:
    """Make the tables, and products with stock in one category; prints the addresses of some."""
    import django

    django.setup()
    from django.core.management import call_command
    from oscar.apps.catalogue.categories import create_from_breadcrumbs
    from oscar.core.loading import get_model

    call_command("migrate", verbosity=0, interactive=False)
    product_class = get_model("catalogue", "ProductClass").objects.create(name="Goods", track_stock=True)
    category = create_from_breadcrumbs("Market > Goods")
    partner = get_model("partner", "Partner").objects.create(name="Bench")
    get_model("address", "Country").objects.create(
        iso_3166_1_a2="NG",
        iso_3166_1_a3="NGA",
        iso_3166_1_numeric="566",
        printable_name="Nigeria",
        name="Nigeria",
        is_shipping_country=True,
    )
    product, stock = get_model("catalogue", "Product"), get_model("partner", "StockRecord")
    for number in range(1, products + 1):
        made = product.objects.create(
            upc=f"SKU-{number}",
            title=f"{KINDS[number % len(KINDS)]} {number}",
            description="Made by hand. " * 8,
            product_class=product_class,
            structure="standalone",
        )
        made.categories.add(category)
        stock.objects.create(
            product=made,
            partner=partner,
            partner_sku=f"SKU-{number}",
            price=Decimal(1000 + number),
            price_currency="NGN",
            num_in_stock=1_000_000,
        )
    some = product.objects.order_by("id")[:200]
    sys.stdout.write(json.dumps([each.get_absolute_url() for each in some]) + "\n")


KINDS = ("Indigo Tote", "Copper Kettle", "Brass Lamp", "Leather Sandal", "Cotton Blanket", "Raffia Basket")


def serve(port: int, workers: int, threads: int) -> None:
    """Serve with granian, until told to stop."""
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "oscar_site:application",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "oscar_site"
    command: Callable[..., None] = seed if sys.argv[1] == "seed" else serve
    command(*map(int, sys.argv[2:]))
