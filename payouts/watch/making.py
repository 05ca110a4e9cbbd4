"""Making the checks of a round on one snapshot: each has its own result, its own time limit, and holds up no other."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_noop

from kit.db.pipeline import Rows
from kit.db.snapshots import one_moment
from kit.db.sql import execute
from kit.db.timeouts import is_cut_short
from payouts.audit import AuditCheck, Found, Verdict
from payouts.audit.checks import linear_joins
from payouts.audit.provider import NAME as PROVIDER
from payouts.audit.provider import Held, compare_with_providers, held_by_ledger
from payouts.audit.run import ask_checks
from payouts.models import CheckOutcome
from payouts.stored_sentences import STATEMENT_ENDED
from payouts.watch.checks import WatchCheck, audit_checks, own_checks, watched_checks
from tenants.schemas.look_up import ShopSchema, list_shop_schemas

logger = logging.getLogger(__name__)

STATEMENT_MS = 60_000
ROUND_SECONDS = 1_200  # then no further check is begun
PROGRESS_SECONDS = 3_600
Answers = dict[str, list[tuple[ShopSchema, Rows]]]


@dataclass(frozen=True, slots=True)
class Made:
    """A check that was made, or could not be."""

    name: str
    began_at: datetime
    ended_at: datetime
    found: Found = field(default_factory=Found)
    problem: str = ""

    @property
    def outcome(self) -> CheckOutcome:
        """Return the outcome."""
        if self.problem:
            return CheckOutcome.FAILED
        return CheckOutcome.OFF if self.found.total else CheckOutcome.OK


class NotCheckedError(Exception):
    """A check could not be made, for a known reason."""


class _Maker:
    """The checks of one round, with the time that has passed since it began."""

    def __init__(self, round_id: object, now: datetime) -> None:
        self._key, self._began, self._started = progress_key(round_id), now, monotonic()
        self.made: list[Made] = []

    @property
    def now(self) -> datetime:
        """Return the time, by the round's own clock."""
        return self._began + timedelta(seconds=monotonic() - self._started)

    def make(self, name: str, find: Callable[[], Found]) -> None:
        """Make a check within its time limit, and keep its result or the reason why there is none."""
        began_at, found, problem = self.now, Found(), ""
        if monotonic() - self._started > ROUND_SECONDS:
            problem = gettext_noop("The time of the round was over before this check.")
        else:
            try:
                found = find()
            except NotCheckedError as error:
                problem = str(error)
            except Exception as error:
                logger.exception("The check %s could not be made.", name)
                problem = _words_for(error)
        self.made.append(Made(name, began_at, self.now, found, problem[:300]))
        cache.set(self._key, len(self.made), PROGRESS_SECONDS)


def progress_key(round_id: object) -> str:
    """Return the cache's key of how many checks of a round are made."""
    return f"public:watch:made:{round_id}"


def make_checks(*, round_id: object, is_whole: bool, with_provider: bool, now: datetime) -> list[Made]:
    """Make the checks of a round, all but the provider's on one snapshot, which locks nothing.

    A failing statement takes no other check with it: each has a savepoint and a timeout of its own.
    """
    maker, held = _Maker(round_id, now), []
    with one_moment():
        shops = list_shop_schemas()
        for own in own_checks(is_whole=is_whole):
            maker.make(own.name, partial(_limited, own, partial(own.find, now)))
        checks = audit_checks(is_whole=is_whole)
        answers = _ask_together(checks, shops)
        for check in checks:
            maker.make(check.name, partial(_limited, check, partial(_find, check, shops, answers)))
        if is_whole and with_provider:
            held.append(held_by_ledger())
    for each in held:
        maker.make(PROVIDER, lambda each=each: _compare(each))  # type: ignore[misc]
    return maker.made


def count_checks(*, is_whole: bool) -> int:
    """Return the number of checks of a round."""
    return len(watched_checks(is_whole=is_whole))


def _limited(check: WatchCheck | AuditCheck, find: Callable[[], Found]) -> Found:
    with transaction.atomic():
        execute(f"SET LOCAL statement_timeout = {STATEMENT_MS:d}")
        with linear_joins(is_quick=check.is_quick):
            return find()


def _ask_together(checks: Sequence[AuditCheck], shops: Sequence[ShopSchema]) -> Answers:
    """Ask all shops for all checks at once; empty where one of the questions fails, as each is asked by itself then."""
    try:
        with transaction.atomic():
            return ask_checks(checks, shops)
    except Exception as error:  # noqa: BLE001 - each check tells its own
        logger.warning("The shops are asked check by check: %s", error)
        return {}


def _find(check: AuditCheck, shops: Sequence[ShopSchema], answers: Answers) -> Found:
    if check.in_shops is None:
        return check.find(shops, [])
    return check.find(shops, answers[check.name] if answers else ask_checks([check], shops)[check.name])


def _compare(held: Held) -> Found:
    result = compare_with_providers(held)
    if result.verdict == Verdict.NOT_CHECKED:
        raise NotCheckedError(result.note)
    return Found(result.findings, result.total)


def _words_for(error: Exception) -> str:
    if is_cut_short(error):
        return STATEMENT_ENDED.written(count=STATEMENT_MS // 1000)
    return f"{type(error).__name__}: {error}".strip()
