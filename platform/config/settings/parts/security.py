"""Cookies, content security policy, sign-in protection and authentication."""

from csp.constants import NONE, SELF

from config.settings.parts.env import env, whole_number
from config.settings.parts.files import MEDIA_BUCKET, media_url

BASE_DOMAIN = env.str("KASUWA_BASE_DOMAIN", default="kasuwa.localhost")
# Proxies in front of the site that add to X-Forwarded-For: who calls is the one whom the outermost of them saw
# (kit.web.callers). Production has to say it, 0 included.
TRUSTED_PROXY_COUNT = whole_number("TRUSTED_PROXY_COUNT", default=0)
PAYMENT_PAGES = ["https://checkout.paystack.com"]
if BASE_DOMAIN.endswith("localhost"):
    PAYMENT_PAGES += ["http://localhost:*", "http://127.0.0.1:*"]  # the sandbox
PAYMENT_PAGES = env.list("PAYMENT_PAGES", default=PAYMENT_PAGES)

# allauth's backend is Django's with sign-in by e-mail; a second one would hash each wrong password twice.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# One cookie for the platform and its shops' subdomains (docs/adr/0003).
SESSION_COOKIE_DOMAIN = BASE_DOMAIN
SESSION_COOKIE_NAME = "kasuwa_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_DOMAIN = BASE_DOMAIN
CSRF_COOKIE_NAME = "kasuwa_csrf"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_DOMAIN = BASE_DOMAIN
CSRF_FAILURE_VIEW = "config.refusals.csrf_failure"
LANGUAGE_COOKIE_NAME = "kasuwa_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600  # seconds

# Browsers hold a form's redirects to `form-action` too: signing in leads back to a shop's host, placing an
# order to the payment page.
FORM_TARGETS = [SELF, f"{BASE_DOMAIN}:*", f"*.{BASE_DOMAIN}:*", *PAYMENT_PAGES]

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", *([media_url()] if MEDIA_BUCKET else [])],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": FORM_TARGETS,
    },
}

# One form of sign-in (e-mail), for allauth and dj-rest-auth alike.
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
# Another provider's word for an address joins no account that was opened here (docs/adr/0032).
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "signup": "30/h/ip",
    "reset_password": "30/h/ip,5/h/key",
    "change_password": "5/m/user",
}
# Wrong passwords: number and seconds. An owner cannot be locked out from elsewhere: the limit of an account alone
# is far more than one caller or network can spend, and a caller who has signed in to it before is not held to it.
PASSWORD_GUESS_LIMITS = {
    "account-caller": (6, 300),
    "account-network": (30, 900),
    "account": (300, 3600),
    "caller": (20, 60),
    "network": (200, 60),
}
# Letters that strangers can have sent to one mailbox, of all kinds together: how many in how many seconds.
LETTERS_TO_ONE_MAILBOX = ((6, 3600), (12, 24 * 3600))
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

AXES_FAILURE_LIMIT = 12
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the time that was told stays true
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "accounts.lockout.lockout_response"
AXES_CLIENT_IP_CALLABLE = "accounts.lockout.client_ip"
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "email"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # it would open a session for every sign-in by API
