"""Tests: real Postgres and Redis, quick password hashing, mail kept in memory."""

from config.settings.base import *  # noqa: F403
from config.settings.base import BASE_DOMAIN, DATABASES, REST_FRAMEWORK, STORAGES
from config.settings.parts.env import env
from config.settings.parts.published import TEST_PAYSTACK_KEY, TEST_SECRET_KEY

ENVIRONMENT = "test"
SECRET_KEY = TEST_SECRET_KEY
# No server listens there; the `paystack` fixture starts a sandbox.
PAYSTACK_BASE_URL = env.str("PAYSTACK_BASE_URL", default="http://127.0.0.1:1")
PAYSTACK_SECRET_KEY = TEST_PAYSTACK_KEY
# Longer than any test waits; on a busy machine a shorter wait would end by itself, and a test with it.
PAYSTACK_TIMEOUT_SECONDS = 60.0
CHECKOUT_LOCK_TIMEOUT_MS = 60_000
ALLOWED_HOSTS = ["*"]
CSRF_TRUSTED_ORIGINS = [f"http://{BASE_DOMAIN}", f"http://*.{BASE_DOMAIN}"]
DOMAIN_TXT_RESOLVER = "tests.world.domains.ask_fake"
ALLOW_LOCAL_DOMAINS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SHOP_ROLES = "on"
SERVE_MEDIA = True
# Tests open connections from many threads and drop whole databases: plain connections, no pool.
_options = {name: value for name, value in DATABASES["default"]["OPTIONS"].items() if name != "pool"}
DATABASES = {"default": {**DATABASES["default"], "OPTIONS": _options}}
PROVIDER_CALLS_AT_ONCE = 1  # other threads do not see what a test has not committed
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
STATIC_ROOT = None
WHITENOISE_AUTOREFRESH = True
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
AXES_ENABLED = False
ACCOUNT_RATE_LIMITS = False
PASSWORD_GUESS_LIMITS = {}
LETTERS_TO_ONE_MAILBOX = ()
SHOP_REQUESTS_PER_MINUTE = 100_000
SHOP_NON_MEMBER_REQUESTS_PER_MINUTE = 100_000
SHOP_BULK_REQUESTS_PER_MINUTE = 10_000
