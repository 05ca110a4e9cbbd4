"""Hand-off of a sign-in from the platform to a shop's own domain (docs/adr/0007).

A token is valid once, for a minute, at one host, in the browser that asked for it, and while the password is unchanged.
Its data is in Redis; the token itself is random.
"""

import json
import secrets
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest

from django.core.signing import BadSignature, Signer
from redis.exceptions import RedisError

from accounts.errors import HandOffError
from accounts.models import User
from accounts.services.own_domains import is_own_domain
from kit.db.redis import client, prefixed

SECONDS = 60
BYTES = 32


@dataclass(frozen=True, slots=True)
class HandOff:
    """The user to sign in, and the requested page."""

    user: User
    path: str


def new_secret() -> str:
    """Return a secret for the browser to keep during the sign-in."""
    return secrets.token_urlsafe(BYTES)


def state_of(secret: str) -> str:
    """Return a digest of a browser's secret: enough to recognise it, not to know it."""
    return sha256(secret.encode()).hexdigest()


def issue_hand_off(*, user: User, host: str, state: str, path: str) -> str:
    """Return a token that signs a person in at a host.

    Args:
        host: a domain of a shop's own, in lower case.
        state: what the browser's secret there amounts to, by `state_of`.
        path: the page that was wanted there.

    Raises:
        HandOffError: no shop has this domain, or Redis is down.
    """
    if not is_own_domain(host):
        raise HandOffError
    nonce = secrets.token_urlsafe(BYTES)
    facts = {"user": user.pk, "auth": user.get_session_auth_hash(), "host": host, "state": state, "path": path}
    try:
        client().set(_key(nonce), json.dumps(facts), ex=SECONDS)
    except RedisError as error:
        raise HandOffError from error
    return _signer(host).sign(nonce)


def redeem_hand_off(*, token: str, host: str, secret: str) -> HandOff:
    """Use a token, and return its hand-off.

    Raises:
        HandOffError: it is used, expired, made for another host or browser, or forged; or the account is closed, or its
            password has changed.
    """
    try:
        nonce = _signer(host).unsign(token)
        kept = client().getdel(_key(nonce))
    except (BadSignature, RedisError) as error:
        raise HandOffError from error
    if kept is None:
        raise HandOffError
    facts = json.loads(kept)
    if facts["host"] != host or not compare_digest(facts["state"], state_of(secret)) or not is_own_domain(host):
        raise HandOffError
    user = User.objects.filter(pk=facts["user"], is_active=True).first()
    if user is None or not compare_digest(facts["auth"], user.get_session_auth_hash()):
        raise HandOffError
    return HandOff(user, facts["path"])


def _signer(host: str) -> Signer:
    return Signer(salt=f"accounts.hand_off:{host}")


def _key(nonce: str) -> str:
    return prefixed(f"hand-off:{sha256(nonce.encode()).hexdigest()}")
