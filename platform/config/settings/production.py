"""Production: everything secret comes from the environment, and nothing starts on a default."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import ALLOW_LOCAL_DOMAINS, BASE_DOMAIN, DOMAIN_TXT_RESOLVER, PAYSTACK_SECRET_KEY, SECRET_KEY
from config.settings.parts.env import env

ENVIRONMENT = "production"
PLATFORM_SCHEME = "https"
CSRF_TRUSTED_ORIGINS = [f"https://{BASE_DOMAIN}", f"https://*.{BASE_DOMAIN}"]

REQUIRED = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PAYSTACK_SECRET_KEY", "KASUWA_BASE_DOMAIN", "PLATFORM_EMAIL")
_missing = [name for name in REQUIRED if not env.str(name, default="")]
if _missing:
    raise ImproperlyConfigured(f"Set these environment variables before starting in production: {', '.join(_missing)}.")
MIN_SECRET_LENGTH = 50
if len(SECRET_KEY) < MIN_SECRET_LENGTH:
    raise ImproperlyConfigured(f"SECRET_KEY must be at least {MIN_SECRET_LENGTH} random characters in production.")
if "localhost" in BASE_DOMAIN:
    raise ImproperlyConfigured("KASUWA_BASE_DOMAIN must be a public domain in production.")
if not PAYSTACK_SECRET_KEY.startswith("sk_live_") and not env.bool("ALLOW_PAYSTACK_TEST_KEY", default=False):
    raise ImproperlyConfigured(
        "PAYSTACK_SECRET_KEY is not a live key. Set ALLOW_PAYSTACK_TEST_KEY=true to run a staging site on a test key."
    )

if DOMAIN_TXT_RESOLVER != "tenants.dns.ask_dns" or ALLOW_LOCAL_DOMAINS:
    raise ImproperlyConfigured("In production, shops prove their domains in the DNS and nowhere else.")

SHOP_ROLES = env.str("SHOP_ROLES", default="on")
SERVE_MEDIA = False
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
