"""Settings shared by every environment; what differs is in local, test and production."""

from pathlib import Path
from typing import Any

import django_countries
import django_stubs_ext

from config.settings.parts.api import *  # noqa: F403
from config.settings.parts.env import database, env, origins, port, redis_address
from config.settings.parts.files import *  # noqa: F403
from config.settings.parts.files import media_url, pictures, private_files
from config.settings.parts.jobs import *  # noqa: F403
from config.settings.parts.published import PUBLISHED_KEYS  # noqa: F401 - read by the check
from config.settings.parts.security import *  # noqa: F403

# Lets code say ListView[Order], as the type checker reads it.
django_stubs_ext.monkeypatch()

ROOT_DIR = Path(__file__).resolve().parents[3]
CONFIG_DIR = ROOT_DIR / "platform" / "config"
DATA_DIR = Path(env.str("KASUWA_DATA_DIR", default=str(ROOT_DIR / ".data"))).expanduser().absolute()

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="")

# --- The market -------------------------------------------------------------------------------
BASE_DOMAIN = env.str("KASUWA_BASE_DOMAIN", default="kasuwa.localhost")
PORT = port("KASUWA_PORT", default=8000)
PLATFORM_ALIASES = env.list("KASUWA_EXTRA_HOSTS", default=[])  # its other names; pages redirect
# Shops have domains of their own, in the database: ShopHostMiddleware, ahead of all that reads the host, shows an
# unknown one nothing but a page that says so.
ALLOWED_HOSTS = ["*"]
# Origins whose pages may call the API, and to which buyers may return after paying (kit.web.front_ends).
FRONT_END_ORIGINS = origins("FRONT_END_ORIGINS")
# Whether a change over the API has to name the version that it was made from: 428 without If-Match (docs/adr/0027).
REQUIRE_IF_MATCH = env.bool("REQUIRE_IF_MATCH", default=False)
# How the proof of a shop's own domain is looked up; whether it may be a name of this machine (docs/adr/0007).
DOMAIN_TXT_RESOLVER = env.str("DOMAIN_TXT_RESOLVER", default="tenants.hosts.dns.ask_dns")
ALLOW_LOCAL_DOMAINS = False
# How often a proxy may ask whether a host is ours, before it gets a certificate.
HOST_QUESTIONS_PER_MINUTE = env.int("HOST_QUESTIONS_PER_MINUTE", default=600)
# Where a domain without CNAME (at the top of its zone) is to point; shown to shops.
PLATFORM_ADDRESSES = env.list("KASUWA_ADDRESSES", default=[])
PLATFORM_SCHEME = env.str("KASUWA_SCHEME", default="http")
PLATFORM_NAME = "Kasuwa"
PLATFORM_CURRENCY = env.str("PLATFORM_CURRENCY", default="NGN")
PLATFORM_EMAIL = env.str("PLATFORM_EMAIL", default="hello@kasuwa.test")
# The market as a business, as its statements name it: legal name, address with | between its lines, and the tax number
# where COMMISSION_TAX_NUMBERS has none of the shop's country (docs/payouts.md).
PLATFORM_LEGAL_NAME = env.str("PLATFORM_LEGAL_NAME", default="")
PLATFORM_LEGAL_ADDRESS = env.str("PLATFORM_LEGAL_ADDRESS", default="")
PLATFORM_TAX_NUMBER = env.str("PLATFORM_TAX_NUMBER", default="")
DEFAULT_COMMISSION_BPS = env.int("DEFAULT_COMMISSION_BPS", default=800)
# Source of tax rates, by its factory's path, and the folder of files that add to those shipped (docs/adr/0062).
TAX_RATES = env.str("TAX_RATES", default="checkout.pricing.tax.filed.from_settings")
TAX_TABLES_DIR = env.str("TAX_TABLES_DIR", default="")
# The market's own tax numbers, by country: there it charges tax on its commission (docs/commission.md).
COMMISSION_TAX_NUMBERS = {
    code.upper(): number for code, number in env.dict("COMMISSION_TAX_NUMBERS", default={}).items()
}
# Days after the payment within which a shop should send what it has promised no day for, and after the sending within
# which such a parcel should arrive; then a part is late (docs/orders.md).
SEND_WITHIN_DAYS = env.int("SEND_WITHIN_DAYS", default=2)
ARRIVE_WITHIN_DAYS = env.int("ARRIVE_WITHIN_DAYS", default=21)
# Days after the last one on which a parcel should have arrived, until it is taken to have.
DELIVERED_BY_TIMER_DAYS = env.int("DELIVERED_BY_TIMER_DAYS", default=7)
RESERVATION_MINUTES = env.int("RESERVATION_MINUTES", default=30)
# How long for an order of which the provider has given no page to pay at.
UNPAYABLE_RESERVATION_MINUTES = env.int("UNPAYABLE_RESERVATION_MINUTES", default=10)
# How many orders and pieces a buyer may order without paying, and for how long an order counts (docs/adr/0022).
UNPAID_WINDOW_MINUTES = env.int("UNPAID_WINDOW_MINUTES", default=60)
UNPAID_LIMITS = {
    "email": (env.int("UNPAID_ORDERS_PER_EMAIL", default=5), env.int("UNPAID_PIECES_PER_EMAIL", default=100)),
    "account": (env.int("UNPAID_ORDERS_PER_ACCOUNT", default=10), env.int("UNPAID_PIECES_PER_ACCOUNT", default=200)),
    "network": (env.int("UNPAID_ORDERS_PER_NETWORK", default=60), env.int("UNPAID_PIECES_PER_NETWORK", default=600)),
}
# How long an order is kept beyond its time while its provider does not say whether it was paid.
SILENT_PROVIDER_MINUTES = env.int("SILENT_PROVIDER_MINUTES", default=60)
# How long after its time an order can be paid for still, if it could be ordered anew at the same price.
LATE_PAYMENT_HOURS = env.int("LATE_PAYMENT_HOURS", default=24)
# Days after delivery within which buyers may ask for a return, those of categories by slug, and the days that a shop
# has to answer before the market may be asked (docs/orders.md).
RETURN_DAYS = env.int("RETURN_DAYS", default=14)
RETURN_DAYS_BY_CATEGORY = {slug: int(days) for slug, days in env.dict("RETURN_DAYS_BY_CATEGORY", default={}).items()}
EXCHANGE_KEPT_DAYS = env.int("EXCHANGE_KEPT_DAYS", default=21)
EXCHANGE_PAY_DAYS = env.int("EXCHANGE_PAY_DAYS", default=3)
RETURN_ANSWER_DAYS = env.int("RETURN_ANSWER_DAYS", default=5)
# Days between the delivery of an order and the release of its money to the shop: of the market, of categories by slug
# (the longest of an order's lines counts), and at least so many of a shop in its first days and orders.
PAYOUT_HOLD_DAYS = env.int("PAYOUT_HOLD_DAYS", default=7)
PAYOUT_HOLD_DAYS_BY_CATEGORY = {
    slug: int(days) for slug, days in env.dict("PAYOUT_HOLD_DAYS_BY_CATEGORY", default={}).items()
}
PAYOUT_NEW_SHOP_HOLD_DAYS = env.int("PAYOUT_NEW_SHOP_HOLD_DAYS", default=14)
PAYOUT_NEW_SHOP_DAYS = env.int("PAYOUT_NEW_SHOP_DAYS", default=30)
PAYOUT_NEW_SHOP_ORDERS = env.int("PAYOUT_NEW_SHOP_ORDERS", default=10)
# Share of what is released, in hundredths of a percent, that is kept as a reserve, and for how many days.
PAYOUT_RESERVE_BPS = env.int("PAYOUT_RESERVE_BPS", default=0)
PAYOUT_RESERVE_DAYS = env.int("PAYOUT_RESERVE_DAYS", default=90)
# Days for which a return that the shop has accepted holds the money, if it is not sent back.
PAYOUT_RETURN_HOLD_DAYS = env.int("PAYOUT_RETURN_HOLD_DAYS", default=30)
# Hours before the end of the time to answer a dispute at which shop and operators are reminded.
DISPUTE_REMINDER_HOURS = env.int("DISPUTE_REMINDER_HOURS", default=4)
# Minutes for which a message is unread before a letter is written about it.
MESSAGE_LETTER_MINUTES = env.int("MESSAGE_LETTER_MINUTES", default=10)
# Minutes for which commission rules that are published one after the other wait to be told in one letter a shop.
COMMISSION_LETTER_MINUTES = env.int("COMMISSION_LETTER_MINUTES", default=10)
# The minimum payout, the sum of a day above which a second person approves, whether a run of the shops that are
# due is made each day by itself, and whether shops bear the fees of transfers (docs/payouts.md).
PAYOUT_MINIMUM_MINOR = env.int("PAYOUT_MINIMUM_MINOR", default=1_000_00)
PAYOUT_SECOND_APPROVAL_MINOR = env.int("PAYOUT_SECOND_APPROVAL_MINOR", default=1_000_000_00)
PAYOUT_RUN_DAILY = env.bool("PAYOUT_RUN_DAILY", default=True)
PAYOUT_FEES_FROM_SHOPS = env.bool("PAYOUT_FEES_FROM_SHOPS", default=False)
# The cost of a payout that a shop asks for itself, in minor units of each currency; nothing in all others.
PAYOUT_REQUEST_COSTS = {
    code.upper(): int(minor) for code, minor in env.dict("PAYOUT_REQUEST_COSTS", default={}).items()
}
SHOP_SELF_SERVICE_APPROVAL = env.bool("SHOP_SELF_SERVICE_APPROVAL", default=False)
SHOP_CURRENCIES = env.list("SHOP_CURRENCIES", default=["NGN", "GHS", "KES", "ZAR", "XOF", "USD"])
BANK_ACCOUNT_COOLING_HOURS = env.int("BANK_ACCOUNT_COOLING_HOURS", default=48)
CHECKOUT_LOCK_TIMEOUT_MS = env.int("CHECKOUT_LOCK_TIMEOUT_MS", default=3000)
# How long a closed shop's data is kept before it is deleted for good.
SHOP_RETENTION_DAYS = env.int("SHOP_RETENTION_DAYS", default=90)
# How long an application that was never sent is kept after its applicant's last visit.
APPLICATION_DRAFT_DAYS = env.int("APPLICATION_DRAFT_DAYS", default=60)
SHOP_REQUESTS_PER_MINUTE = env.int("SHOP_REQUESTS_PER_MINUTE", default=1200)
SHOP_NON_MEMBER_REQUESTS_PER_MINUTE = env.int("SHOP_NON_MEMBER_REQUESTS_PER_MINUTE", default=240)
SHOP_BULK_REQUESTS_PER_MINUTE = env.int("SHOP_BULK_REQUESTS_PER_MINUTE", default=30)  # uploads and the like
# Waiting rooms: buyers let in each minute where the shop says nothing, and places that one network may have.
WAITING_ROOM_PER_MINUTE = env.int("WAITING_ROOM_PER_MINUTE", default=600)
WAITING_ROOM_PER_NETWORK = env.int("WAITING_ROOM_PER_NETWORK", default=500)
# A room opens by itself where so many orders of a product had to give up waiting for its stock within ten seconds.
WAITING_ROOM_OPENS_AT = env.int("WAITING_ROOM_OPENS_AT", default=20)
CART_TTL_SECONDS = 7 * 24 * 3600

# --- Apps ---------------------------------------------------------------------------------------
SHARED_APPS = [
    "unfold",
    "tenants",  # before django_tenants, whose `migrate` it replaces
    "django_tenants",
    "django.contrib.admin.apps.SimpleAdminConfig",  # commands need no admin pages: config.urls_platform finds them
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "rest_framework",
    "rest_framework_simplejwt",
    "rest_framework_simplejwt.token_blacklist",
    "dj_rest_auth",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "dj_rest_auth.registration",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "csp",
    "kit",
    "gateway",
    "carriers",
    "accounts",
    "notifications",
    "payouts",
    "catalogue.discovery",
    "checkout",
    "webhooks",
    "vendors",
    "console",
    "runtime",
    "replay",
]
TENANT_APPS = ["catalogue", "checkout.fulfilment"]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]

TENANT_MODEL = "tenants.Shop"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_LIMIT_SET_CALLS = True
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "kit.web.outer_middleware.OuterMiddleware",
    "kit.web.compression.CompressionMiddleware",
    "kit.web.language_middleware.LanguageMiddleware",  # ahead of all that may write a page
    "kit.web.nul.RefuseNulMiddleware",
    "tenants.hosts.middleware.ShopHostMiddleware",
    "accounts.middleware.OwnDomainMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentPolicyMiddleware",
    "accounts.middleware.HostSessionMiddleware",
    "config.middleware.SlashMiddleware",
    "kit.web.body_middleware.BodyRuleMiddleware",  # ahead of all that reads a body
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.signed_in.SignedInMiddleware",
    "config.middleware.LazyMessageMiddleware",
    "tenants.hosts.limits.ShopLimitMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.refusals.RefusalMiddleware",
    "kit.api.input.StrictInputMiddleware",
    "kit.api.release.ReleaseMiddleware",
]

FORCE_SCRIPT_NAME = ""  # the market is at the root of its hosts; Django need not look for a prefix in each request
ROOT_URLCONF = "config.urls_shop"
PUBLIC_SCHEMA_URLCONF = "config.urls_platform"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CONFIG_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "kit.web.template_loaders.PerLanguageLoader",
                    [
                        "kit.web.template_loaders.TranslatingLoader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django_cotton.templatetags.cotton",
                "kit.templatetags.money",
                "kit.templatetags.dates",
                "kit.templatetags.sentences",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.market",
                "notifications.context.unread_notifications",
                "notifications.context.live_page",
                "checkout.views.carts.cart_badge",
            ],
        },
    }
]

# --- Data ---------------------------------------------------------------------------------------
_database = {"OPTIONS": {}, **database("DATABASE_URL", default="postgres://localhost/kasuwa")}
# A socket's directory comes as an option (`?host=/run/postgresql`); `dbshell` looks for it here.
_database["HOST"] = _database["HOST"] or _database["OPTIONS"].pop("host", "")
DATABASES = {
    "default": {
        **_database,
        "ENGINE": "tenants.database",
        "OPTIONS": {
            **_database["OPTIONS"],
            # Opened lazily, one pool a process. `max_lifetime` (seconds) recycles backends, since
            # one that has visited hundreds of schemas keeps their catalogues in memory.
            "pool": {
                "min_size": 1,
                "max_size": env.int("DB_POOL_SIZE", default=8),
                "max_lifetime": 900,
                "timeout": 10,
                # Waits between two tries grow; where they have grown to this (seconds), the next request begins anew.
                "reconnect_timeout": 3,
            },
        },
    }
}
# Texts of statements that a connection keeps prepared (kit.db.pipeline); 0 behind a pooler that can't carry them.
PREPARED_STATEMENTS = env.int("DB_PREPARED_STATEMENTS", default=200)
# Milliseconds that a statement may take, and a transaction may idle, by what the process is for (kit.db.timeouts).
# Migrations have no limit.
STATEMENT_LIMITS_MS = {
    "web": (env.int("WEB_STATEMENT_TIMEOUT_MS", default=10_000), env.int("WEB_IDLE_TIMEOUT_MS", default=30_000)),
    "jobs": (env.int("JOBS_STATEMENT_TIMEOUT_MS", default=120_000), env.int("JOBS_IDLE_TIMEOUT_MS", default=300_000)),
    "command": (env.int("COMMAND_STATEMENT_TIMEOUT_MS", default=1_800_000), 0),
}
# Requests on a shop's host run under the shop's own database role (docs/isolation.md): "on", "off", or "auto", which
# is on where the database user may make roles.
SHOP_ROLES = env.str("SHOP_ROLES", default="auto")
SHOP_ROLES_GROUP = env.str("SHOP_ROLES_GROUP", default="kasuwa_shop")
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]

REDIS_URL = redis_address("REDIS_URL", default="redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "kit.db.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env.str("KASUWA_CACHE_PREFIX", default="kasuwa"),
    }
}
SESSION_ENGINE = "accounts.sessions"  # cached_db, each session good at one host alone

# --- Language, time, files ----------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("fr", "Français")]  # each by its own name, as the switch shows it
# Countries are named by their library, which is no app of ours.
LOCALE_PATHS = [CONFIG_DIR / "locale", Path(django_countries.__file__).parent / "locale"]
TIME_ZONE = "Africa/Lagos"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = ROOT_DIR / "staticfiles"
STATICFILES_DIRS = [CONFIG_DIR / "static"]
MEDIA_URL = media_url()
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": pictures(otherwise={"BACKEND": "django.core.files.storage.FileSystemStorage"}),
    # Files without an address, given by views that check access: documents of applicants, a shop's own uploads.
    "private": private_files(
        otherwise={
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": DATA_DIR / "private", "base_url": None, "file_permissions_mode": 0o600},
        }
    ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# The largest body of a request, and of one that brings files to a view that takes them (kit.web.body_rules).
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_BYTES", default=32 * 1024 * 1024)
# Requests that a web process works on at once, and those that may wait for it with their body read (kit.web.front).
WEB_THREADS = env.int("WEB_THREADS", default=5)
WEB_WAITING = env.int("WEB_WAITING", default=200)

# Kosovo's code is not in ISO 3166-1, which leaves it to users; banks, carriers and the EU write it so.
COUNTRIES_OVERRIDE = {"XK": "Kosovo"}

# --- Payment providers ----------------------------------------------------------------------------
# Name: dotted factory. The environment adds others, as in PAYMENT_PROVIDERS="pebble=gateway.pebble.from_settings".
PAYMENT_PROVIDERS = {"paystack": "gateway.paystack.from_settings", **env.dict("PAYMENT_PROVIDERS", default={})}
DEFAULT_PAYMENT_PROVIDER = env.str("DEFAULT_PAYMENT_PROVIDER", default="paystack")
PAYSTACK_SECRET_KEY = env.str("PAYSTACK_SECRET_KEY", default="")
PAYSTACK_BASE_URL = env.str("PAYSTACK_BASE_URL", default="https://api.paystack.co")
PAYSTACK_TIMEOUT_SECONDS = env.float("PAYSTACK_TIMEOUT_SECONDS", default=5.0)
ALLOW_LOCAL_PROVIDERS = False  # a provider's address may be http:// on this machine or its private network
# By one worker that asks about payments; each call has a connection to the database, of DB_POOL_SIZE.
PROVIDER_CALLS_AT_ONCE = env.int("PROVIDER_CALLS_AT_ONCE", default=6)

# --- Carriers -------------------------------------------------------------------------------------
# Dotted factory of the source of carriers' rates, such as carriers.terminal_africa.from_settings; empty: there is none.
SHIPPING_RATES = env.str("SHIPPING_RATES", default="")
TERMINAL_AFRICA_SECRET_KEY = env.str("TERMINAL_AFRICA_SECRET_KEY", default="")
TERMINAL_AFRICA_BASE_URL = env.str("TERMINAL_AFRICA_BASE_URL", default="https://api.terminal.africa/v1")
TERMINAL_AFRICA_TIMEOUT_SECONDS = env.float("TERMINAL_AFRICA_TIMEOUT_SECONDS", default=4.0)

EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10  # seconds
# Messages to phones go through an HTTP gateway for each channel (docs/notifications.md); without one none is offered.
TEXT_GATEWAYS = {
    "sms": {
        "url": env.str("SMS_GATEWAY_URL", default=""),
        "token": env.str("SMS_GATEWAY_TOKEN", default=""),
        "sender": env.str("SMS_SENDER", default=PLATFORM_NAME),
    },
    "whatsapp": {
        "url": env.str("WHATSAPP_GATEWAY_URL", default=""),
        "token": env.str("WHATSAPP_GATEWAY_TOKEN", default=""),
        "sender": env.str("WHATSAPP_SENDER", default=PLATFORM_NAME),
    },
}
TEXT_GATEWAY_TIMEOUT_SECONDS = env.float("TEXT_GATEWAY_TIMEOUT_SECONDS", default=5.0)
TEXT_FOLDER = ""  # where they are written to as files, without a gateway
QUIET_HOURS = (21, 7)  # of the reader's clock: messages to phones wait for the second one; twice the same: never
DEFAULT_FROM_EMAIL = f"{PLATFORM_NAME} <{PLATFORM_EMAIL}>"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "refusals": {"()": "kit.log_limits.RefusalFilter"},
        "repeats": {"()": "kit.log_limits.RepeatFilter"},
        "request": {"()": "kit.request_id.RequestIdFilter"},
    },
    "formatters": {"line": {"format": "%(levelname)s %(name)s [%(request_id)s %(schema)s] %(message)s"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["refusals", "repeats", "request"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"httpx": {"level": "WARNING"}, "httpcore": {"level": "WARNING"}},
}
SILENCED_SYSTEM_CHECKS = ["django_tenants.W001", "django_tenants.W003"]
