"""Identity of the cart of a request: the signed-in user's, or a guest's by cookie or header."""

import logging

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext
from redis.exceptions import RedisError

from accounts.services.signed_in import SignedIn
from checkout.cart.store import CartId, merge
from kit.ids import access_key
from kit.web.headers import header_of

COOKIE = "kasuwa_cart"
HEADER = "X-Cart-Token"
SALT = "checkout.cart"
# A token is good for as long as its cart, which ends a week after its last use (CART_TTL_SECONDS); this is as long as a
# browser keeps any cookie (RFC 6265bis).
COOKIE_SECONDS = 400 * 24 * 3600
logger = logging.getLogger(__name__)


def cart_of(request: HttpRequest) -> tuple[CartId, str | None]:
    """Return the cart's id, and the token to give to a guest (None for a signed-in person)."""
    if request.user.is_authenticated:
        return CartId.of_user(request.user.pk), None
    guest = _guest(request)
    if guest is None:
        key = access_key()
        guest = CartId.of_guest(key), signing.dumps(key, salt=SALT)
    return guest


def is_new_visitor(request: HttpRequest) -> bool:
    """Return whether a request comes without a cart; `cart_of` begins one then."""
    return not request.user.is_authenticated and not has_guest_token(request)


def has_guest_token(request: HttpRequest) -> bool:
    """Return whether the request carries a genuine token."""
    return _guest(request) is not None


def guest_cart(request: HttpRequest) -> CartId | None:
    """Return the guest cart whose token the request carries, also for a signed-in user."""
    guest = _guest(request)
    return guest[0] if guest is not None else None


def guest_owner(request: HttpRequest) -> str:
    """Return the owner of the guest cart whose token the request carries, empty without one."""
    cart = guest_cart(request)
    return cart.owner if cart is not None else ""


def take_over_cart(signed_in: SignedIn) -> None:
    """Move a guest's cart into the cart of their account after sign-in; show which lines had no room."""
    cart = guest_cart(signed_in.request)
    if cart is None:
        return
    try:
        left = merge(source=cart, into=CartId.of_user(signed_in.user.pk))
    except RedisError:
        logger.warning("Redis is down; what a guest chose is not taken over, and stays in the guest's cart.")
        return
    if left:
        pieces = sum(left.values())
        text = ngettext(
            "Your basket is full: %(pieces)d piece that you chose before signing in is not in it. Order, then sign in "
            "again to have it.",
            "Your basket is full: %(pieces)d pieces that you chose before signing in are not in it. Order, then sign "
            "in again to have them.",
            pieces,
        )
        messages.warning(signed_in.request, text % {"pieces": pieces}, fail_silently=True)


def remember(response: HttpResponse, token: str | None) -> None:
    """Send a guest's token with the answer: as a cookie for browsers, as a header for programs."""
    if token is None:
        return
    response[HEADER] = token
    response.set_cookie(
        COOKIE, token, max_age=COOKIE_SECONDS, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
    )


def _guest(request: HttpRequest) -> tuple[CartId, str] | None:
    """Return the cart and the token that the request carries, if that is a genuine one."""
    for token in (header_of(request, HEADER), request.COOKIES.get(COOKIE)):
        if not token:
            continue
        try:
            return CartId.of_guest(signing.loads(token, salt=SALT)), token
        except signing.BadSignature:
            continue
    return None
