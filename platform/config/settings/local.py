"""Development and demonstration on one machine: `manage.py up`."""

from config.settings.base import *  # noqa: F403
from config.settings.base import (
    ACCOUNT_RATE_LIMITS,
    BASE_DOMAIN,
    DATA_DIR,
    PASSWORD_GUESS_LIMITS,
    REST_FRAMEWORK,
    STORAGES,
    TEMPLATES,
)
from config.settings.parts.env import env
from config.settings.parts.published import LOCAL_SECRET_KEY, SANDBOX_PAYSTACK_KEY

ENVIRONMENT = "local"
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default=LOCAL_SECRET_KEY)
PAYSTACK_SECRET_KEY = env.str("PAYSTACK_SECRET_KEY", default=SANDBOX_PAYSTACK_KEY)
PAYSTACK_BASE_URL = env.str("PAYSTACK_BASE_URL", default="http://127.0.0.1:8001")

# The demo's market; its statements say whose they are.
PLATFORM_LEGAL_NAME = env.str("PLATFORM_LEGAL_NAME", default="Kasuwa Demo Markets Ltd")
PLATFORM_LEGAL_ADDRESS = env.str("PLATFORM_LEGAL_ADDRESS", default="12 Example Road|Kano|Nigeria")
PLATFORM_TAX_NUMBER = env.str("PLATFORM_TAX_NUMBER", default="00000000-0001")

CSRF_TRUSTED_ORIGINS = [f"http://{BASE_DOMAIN}", f"http://*.{BASE_DOMAIN}"]
# A domain can be tried out on one machine: `shop.localhost`, proved by a line in dns.txt (docs/domains.md).
DOMAIN_TXT_RESOLVER = env.str("DOMAIN_TXT_RESOLVER", default="tenants.hosts.dns.ask_local_file")
ALLOW_LOCAL_DOMAINS = True
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = None  # files are served from where they lie
WHITENOISE_USE_FINDERS = True
SERVE_MEDIA = True
if env.bool("KASUWA_RELOAD", default=False):
    WHITENOISE_AUTOREFRESH = True
    WHITENOISE_MAX_AGE = 0
    TEMPLATES[0]["OPTIONS"]["loaders"] = [
        ("kit.web.template_loaders.ReloadingLoader", loaders) for _, loaders in TEMPLATES[0]["OPTIONS"]["loaders"]
    ]
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = TEXT_FOLDER = str(DATA_DIR / "mail")

# Everybody on one machine has one address: limits that count by address would stop a trial with many buyers.
# Those that count wrong guesses at one account stay.
REST_FRAMEWORK = {
    **REST_FRAMEWORK,
    "DEFAULT_THROTTLE_RATES": dict.fromkeys(REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "12000/min"),
}
ACCOUNT_RATE_LIMITS = {**ACCOUNT_RATE_LIMITS, "login": "1200/m/ip", "signup": "5000/h/ip"}
PASSWORD_GUESS_LIMITS = {**PASSWORD_GUESS_LIMITS, "caller": (1200, 60), "network": (1200, 60)}
SHOP_REQUESTS_PER_MINUTE = env.int("SHOP_REQUESTS_PER_MINUTE", default=12_000)
SHOP_NON_MEMBER_REQUESTS_PER_MINUTE = env.int("SHOP_NON_MEMBER_REQUESTS_PER_MINUTE", default=12_000)
SHOP_BULK_REQUESTS_PER_MINUTE = env.int("SHOP_BULK_REQUESTS_PER_MINUTE", default=600)
