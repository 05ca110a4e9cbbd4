"""Number of returns that a shop has to answer or to receive: on every page of its dashboard, so it is kept."""

from functools import partial

from django.core.cache import cache
from django.db import transaction

from checkout.models import Return, ReturnStatus
from kit.db.roles import as_platform

SECONDS = 60
WAITING = (ReturnStatus.REQUESTED, ReturnStatus.ACCEPTED)


def count_returns_to_answer(*, shop_id: int) -> int:
    """Return the number, as it was a minute ago at the most; a move of a return has it counted anew."""
    kept: int | None = cache.get(_key(shop_id))
    if kept is None:
        with as_platform():  # the shop's role reads no returns
            kept = Return.objects.filter(shop_id=shop_id, status__in=WAITING).count()
        cache.set(_key(shop_id), kept, SECONDS)
    return kept


def forget_count(*, shop_id: int) -> None:
    """Have the next page count anew, once this transaction is committed."""
    transaction.on_commit(partial(cache.delete, _key(shop_id)), robust=True)


def _key(shop_id: int) -> str:
    return f"public:returns:to-answer:{shop_id}"
