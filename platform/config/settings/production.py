"""Production: everything secret comes from the environment, and nothing starts on a default."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import ALLOW_LOCAL_DOMAINS, BASE_DOMAIN, DOMAIN_TXT_RESOLVER, PAYSTACK_SECRET_KEY
from config.settings.parts.env import env
from kit.deployment import problems_of

ENVIRONMENT = "production"
PLATFORM_SCHEME = "https"
CSRF_TRUSTED_ORIGINS = [f"https://{BASE_DOMAIN}", f"https://*.{BASE_DOMAIN}"]

REQUIRED = (
    "SECRET_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "PAYSTACK_SECRET_KEY",
    "KASUWA_BASE_DOMAIN",
    "PLATFORM_EMAIL",
    "TRUSTED_PROXY_COUNT",
)
_missing = [name for name in REQUIRED if not env.str(name, default="").strip()]
if _missing:
    raise ImproperlyConfigured(f"Set these environment variables before starting in production: {', '.join(_missing)}.")
_is_live = PAYSTACK_SECRET_KEY.startswith("sk_live_")
if not _is_live and not (PAYSTACK_SECRET_KEY.startswith("sk_test_") and env.bool("ALLOW_PAYSTACK_TEST_KEY", False)):
    raise ImproperlyConfigured(
        "PAYSTACK_SECRET_KEY is not a live key. Set ALLOW_PAYSTACK_TEST_KEY=true to run a staging site on a test key."
    )
ALLOW_LOCAL_PROVIDERS = not _is_live  # a staging site may talk to the sandbox on its own network
_problems = problems_of(globals())
if _problems:
    raise ImproperlyConfigured("Not fit for production: " + " ".join(str(problem) for problem in _problems))
if DOMAIN_TXT_RESOLVER != "tenants.hosts.dns.ask_dns" or ALLOW_LOCAL_DOMAINS:
    raise ImproperlyConfigured("In production, shops prove their domains in the DNS and nowhere else.")

SHOP_ROLES = env.str("SHOP_ROLES", default="on")
SERVE_MEDIA = env.bool("SERVE_MEDIA", default=True)  # false where a proxy or a CDN hands pictures out
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
# The sandbox of a staging site sends its events over the private network; they are signed.
SECURE_REDIRECT_EXEMPT = [r"^health/", *([] if _is_live else [r"^webhooks/"])]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
