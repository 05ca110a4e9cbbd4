"""Ask carriers for their rates, and keep the answers, so that all pages and the order show the same price.

An answer is kept in Redis for some minutes, by the shop and the whole question. So is its absence, for a shorter time:
a carrier that hangs costs one page its time limit, and not each page of the basket. Without Redis each is asked anew.
"""

import hashlib
import json
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, astuple
from typing import Any

from redis.exceptions import RedisError

from carriers import shipping_rates
from carriers.errors import RatesError
from carriers.port import OfferedService, RatesRequest
from checkout.pricing.basis import Rates
from gateway.guard import refuse_inside_transaction
from kit.db import redis

ANSWER_SECONDS = 10 * 60
SILENT_SECONDS = 60
ASKED_AT_ONCE = 4

Services = tuple[OfferedService, ...] | None
logger = logging.getLogger(__name__)


def ask_carriers(unasked: Sequence[tuple[int, RatesRequest]]) -> Rates:
    """Return the answers to questions, from Redis or from the carriers; None for one without an answer.

    Args:
        unasked: ids of shops, each with a question of its part.
    """
    refuse_inside_transaction()
    keys = {question: _key(shop_id, question) for shop_id, question in unasked}
    found = _kept(keys)
    left = [question for question in keys if question not in found]
    if not left:
        return found
    with ThreadPoolExecutor(max_workers=min(len(left), ASKED_AT_ONCE)) as pool:
        answers = list(pool.map(_ask, left))
    return {**found, **{question: _keep(keys[question], now) for question, now in zip(left, answers, strict=True)}}


def _ask(question: RatesRequest) -> Services:
    source = shipping_rates()
    if source is None:
        return None
    try:
        return source.find_services(question)
    except RatesError as error:
        logger.warning("%s tells no rates: %s", source.label, error)
        return None


def _kept(keys: dict[RatesRequest, str]) -> dict[RatesRequest, Services]:
    try:
        stored: Sequence[Any] = redis.client().mget(list(keys.values()))
    except RedisError:
        return {}
    return {question: _read(text) for question, text in zip(keys, stored, strict=True) if text is not None}


def _keep(key: str, services: Services) -> Services:
    """Keep an answer; of two that were asked for at the same time the first one counts for both."""
    seconds = SILENT_SECONDS if services is None else ANSWER_SECONDS
    text = json.dumps(None if services is None else [astuple(each) for each in services])
    try:
        is_first = redis.client().set(key, text, ex=seconds, nx=True)
        first: Any = None if is_first else redis.client().get(key)
    except RedisError:
        return services
    return services if first is None else _read(first)


def _read(text: str) -> Services:
    stored = json.loads(text)
    if stored is None:
        return None
    return tuple(
        OfferedService(name, price_minor, currency, tuple(days) if days else None)
        for name, price_minor, currency, days in stored
    )


def _key(shop_id: int, question: RatesRequest) -> str:
    digest = hashlib.sha256(json.dumps(asdict(question), sort_keys=True).encode()).hexdigest()
    return redis.prefixed(f"rates:{shop_id}:{digest}")
