"""Limit of requests to a shop in a minute, counted in Redis in one round trip (`kit.web.limits`).

Requests and refusals per shop are counted with it, in steps of ten minutes, which operators see for the last hour.
"""

import time
from dataclasses import dataclass
from math import ceil
from typing import cast

from redis.exceptions import RedisError

from kit.db import redis
from kit.web.limits import Limit, Totals, count_with_state

MINUTE = 60
SLOT_SECONDS = 600
SLOTS_SHOWN = 6
SLOTS_KEPT_SECONDS = 2 * 3600
NO_SCOPE = "all"
NON_MEMBERS = "non_members"  # scopes that begin with it are not the shop's own traffic
MEMBER_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class Verdict:
    """Result of counting a request.

    Args:
        retry_after: seconds until the next request is let through; 0 for one that is.
        reset: seconds until the minute is over.
    """

    limit: int
    remaining: int
    retry_after: int
    reset: int

    @property
    def is_allowed(self) -> bool:
        """Return whether the request may go on."""
        return not self.retry_after

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that tell the limit."""
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }
        return headers if self.is_allowed else {**headers, "Retry-After": str(self.retry_after)}


@dataclass(frozen=True, slots=True)
class Traffic:
    """A shop's requests of the last hour, and how many of them were refused."""

    shop_id: int
    asked: int
    refused: int


def count_request(*, shop_id: int, limit: int, scope: str = NO_SCOPE, at: float | None = None) -> Verdict | None:
    """Count a request against a shop; None, which lets it through, while Redis is down.

    Args:
        scope: the requests that are counted together; scopes of callers who are no members begin with `NON_MEMBERS`.
        at: when it came, in seconds since 1970; by Redis's clock, which all processes share, where left out.
    """
    slot = int(time.time()) // SLOT_SECONDS
    # Only the whole goes into the hour's figures: what has a scope is counted there too, or is no member's.
    kind = scope.partition(":")[0]
    part = "" if kind == NO_SCOPE else f":{kind}"
    refused = _refused(slot) + (part if kind == NON_MEMBERS else "")
    totals = Totals(_asked(slot) + part, refused, shop_id, SLOTS_KEPT_SECONDS)
    return _count(shop_id, limit, scope, totals, at=at)


def count_known_member(*, shop_id: int, user_id: str, limit: int) -> Verdict | None:
    """Count a request against a shop if the person was let in there lately; None, uncounted, if not."""
    slot = int(time.time()) // SLOT_SECONDS
    totals = Totals(_asked(slot), _refused(slot), shop_id, SLOTS_KEPT_SECONDS)
    return _count(shop_id, limit, NO_SCOPE, totals, only_if=_marker(shop_id, user_id))


def remember_member(*, shop_id: int, user_id: int) -> None:
    """Mark a person as one who works in a shop, for a quarter of an hour; as far as Redis answers."""
    try:
        redis.client().set(redis.prefixed(_marker(shop_id, str(user_id))), 1, ex=MEMBER_SECONDS)
    except RedisError:
        return


def _count(
    shop_id: int, limit: int, scope: str, totals: Totals, *, only_if: str = "", at: float | None = None
) -> Verdict | None:
    own = Limit(f"limit:{shop_id}:{scope}", limit, MINUTE, room=1)
    found = count_with_state([own], totals=totals, only_if=only_if, at=at)
    if found is None:
        return None
    remaining = max(limit - found.used, 0)
    return Verdict(limit=limit, remaining=remaining, retry_after=ceil(found.wait), reset=found.reset)


def _marker(shop_id: int, user_id: str) -> str:
    return f"limit:{shop_id}:member:{user_id}"


def busiest_shops(*, most: int = 50) -> list[Traffic]:
    """Return the shops that asked most in the last hour, and all that were refused; nothing while Redis is down."""
    this = int(time.time()) // SLOT_SECONDS
    slots = range(this - SLOTS_SHOWN + 1, this + 1)
    try:
        asked = _sums([_asked(slot) for slot in slots])
        refused = _sums([_refused(slot) for slot in slots])
    except RedisError:
        return []
    shown = sorted(asked, key=lambda shop_id: (-asked[shop_id], shop_id))[:most]
    shown += [shop_id for shop_id in sorted(refused) if shop_id not in shown]
    return [Traffic(shop_id, ceil(asked.get(shop_id, 0)), ceil(refused.get(shop_id, 0))) for shop_id in shown]


def traffic_of(*, shop_id: int) -> Traffic:
    """Return one shop's requests of the last hour."""
    found = {traffic.shop_id: traffic for traffic in busiest_shops(most=100_000)}
    return found.get(shop_id, Traffic(shop_id, 0, 0))


def _sums(keys: list[str]) -> dict[int, float]:
    pairs = cast(
        "list[tuple[str, float]]", redis.client().zunion([redis.prefixed(key) for key in keys], withscores=True)
    )
    return {int(shop_id): score for shop_id, score in pairs}


def _asked(slot: int) -> str:
    return f"limit:asked:{slot}"


def _refused(slot: int) -> str:
    return f"limit:refused:{slot}"
