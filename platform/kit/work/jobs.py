"""Hand work to Celery once the transaction is committed."""

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from redis.exceptions import RedisError

from kit.db import redis
from kit.db.roles import as_platform

if TYPE_CHECKING:
    from celery import Task

logger = logging.getLogger(__name__)

# How long a request that no worker takes up keeps others from asking: its message may have been lost.
ASKED_SECONDS = 10


def enqueue(task: "Task[Any, Any] | str", **kwargs: Any) -> None:
    """Send a task after the current transaction commits.

    A broker that is down is logged, never raised: each kind of work has a sweeper that finds what was
    recorded but not done.

    Args:
        task: the task, or where it is (`app.tasks.name`) for services, which lie below their tasks.
    """
    transaction.on_commit(partial(_send, task, kwargs))


def wake(task: "Task[Any, Any] | str") -> None:
    """Queue, after the commit, a task that takes all waiting work; once, until a worker has started it.

    For tasks that find their work in the database (docs/adr/0012-waking-a-worker.md). A queued task that has not
    started will see everything committed by now, so a second message is not needed. The task calls `begin` before it
    looks for work. Like `enqueue` it never raises, and needs a sweeper.
    """
    transaction.on_commit(partial(_wake, task))


def begin(task: "Task[Any, Any]") -> None:
    """Note that a worker has started a task of `wake`, so that later calls of `wake` queue it again."""
    try:
        redis.client().delete(_asked_key(task))
    except RedisError:
        logger.warning("Redis is down; %s may not be asked for again at once.", task.name)


def _wake(task: "Task[Any, Any] | str") -> None:
    if isinstance(task, str):
        task = import_string(task)
    try:
        is_first = redis.client().set(_asked_key(task), 1, nx=True, ex=ASKED_SECONDS)
    except RedisError:
        is_first = True  # asking too often does no harm
    if is_first:
        _send(task, {})


def _asked_key(task: "Task[Any, Any]") -> str:
    return redis.prefixed(f"asked:{task.name}")


def _send(task: "Task[Any, Any] | str", kwargs: dict[str, Any]) -> None:
    if isinstance(task, str):
        task = import_string(task)
    if redis.is_down() and settings.REDIS_URL.partition("://")[2].partition("?")[0] in settings.CELERY_BROKER_URL:
        logger.warning("Redis, which is the broker, is down; %s is left to its sweeper.", task.name)
        return
    from kombu.exceptions import OperationalError  # loaded with the task

    try:
        with as_platform():  # a task that is run here and now is no part of the request
            task.apply_async(kwargs=kwargs)
    except (OperationalError, ConnectionError):
        logger.warning("The broker is down; %s is left to its sweeper.", task.name)
