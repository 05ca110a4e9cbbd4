"""Probes of what the market needs to run: each app contributes its own, and each has a timeout."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswerError
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from time import monotonic

from django.db import connection
from django.utils.translation import get_language
from django_stubs_ext import StrOrPromise

from kit.text.languages import speaking
from kit.wiring import Contribution, contributions

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 2.0  # for all probes together: they run side by side


class HealthState(StrEnum):
    """Result of a probe."""

    GOOD = "good"
    BAD = "bad"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of a probe, with its figures as people read them."""

    is_good: bool
    figures: str


@dataclass(frozen=True, slots=True)
class HealthProbe(Contribution):
    """A question to a server or a queue.

    Args:
        remedy: the steps for an operator when it is bad or gives no answer.
        find: raises any error where there is no answer.
    """

    name: str
    label: StrOrPromise
    remedy: StrOrPromise
    find: Callable[[datetime], Finding]

    @property
    def key(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Health:
    """A probe and its result."""

    probe: HealthProbe
    state: HealthState
    figures: str = ""

    @property
    def is_good(self) -> bool:
        """Return whether nothing has to be done."""
        return self.state == HealthState.GOOD


def check_health(
    *, now: datetime, probes: Sequence[HealthProbe] | None = None, timeout: float = TIMEOUT_SECONDS
) -> list[Health]:
    """Run all probes side by side, each on a connection of its own; what hangs is left behind as without an answer.

    Inside an open transaction they run one after the other on its connection, which alone sees its rows.
    """
    asked = list(contributions(HealthProbe) if probes is None else probes)
    if connection.in_atomic_block and probes is None:
        return [_result(probe, lambda probe=probe: probe.find(now)) for probe in asked]  # type: ignore[misc]
    pool = ThreadPoolExecutor(max(len(asked), 1), thread_name_prefix="health")
    started = monotonic()
    answers: list[tuple[HealthProbe, Future[Finding]]] = [
        (probe, pool.submit(_find, probe, now, get_language() or "")) for probe in asked
    ]
    try:
        return [
            _result(probe, lambda answer=answer: answer.result(max(timeout - (monotonic() - started), 0)))  # type: ignore[misc]
            for probe, answer in answers
        ]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _find(probe: HealthProbe, now: datetime, language: str) -> Finding:
    try:
        with speaking(language):
            return probe.find(now)
    finally:
        connection.close()


def _result(probe: HealthProbe, answer: Callable[[], Finding]) -> Health:
    try:
        found = answer()
    except NoAnswerError:
        return Health(probe, HealthState.NO_ANSWER)
    except Exception as error:  # noqa: BLE001 - whatever keeps it from answering is what the page has to show
        logger.warning("The health probe %s failed: %s", probe.name, error)
        return Health(probe, HealthState.NO_ANSWER)
    return Health(probe, HealthState.GOOD if found.is_good else HealthState.BAD, found.figures)
